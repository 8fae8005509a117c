import { keysShown, opening } from "../store/store.ts";
import { words } from "../words.ts";
import { Keys } from "./Keys.tsx";
import { Opening } from "./Opening.tsx";
import { Pictures } from "./Pictures.tsx";
import { Side } from "./Side.tsx";
import { Status } from "./Status.tsx";
import { Toolbar } from "./Toolbar.tsx";

export function App() {
  if (opening.value.state !== "open") return <Opening />;
  return (
    <div class="room">
      <Toolbar />
      <main class="main" aria-label={words.view}>
        <Pictures />
      </main>
      <Side />
      {keysShown.value && <Keys />}
      <Status />
    </div>
  );
}
