/** One of several, as a row of buttons; the arrow keys are the browser's own for radio buttons. */
export function Group<T extends string>({
  name,
  label,
  options,
  value,
  choose,
}: {
  name: string;
  label: string;
  options: readonly (readonly [value: T, label: string])[];
  value: T | undefined;
  choose: (value: T) => void;
}) {
  return (
    <fieldset class={`group ${name}`}>
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => choose(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
