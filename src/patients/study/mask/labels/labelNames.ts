import type { MaskLabel } from "./maskLabel.ts";

/**
 * Words by what they mean, lower case without accents, in English, German, French, Italian, Spanish, Portuguese, Dutch,
 * Polish, Turkish, Russian, Latin, Chinese and Japanese. `anywhere` matches within a word (`leftkidneytumor`),
 * `beginning` at its start, `whole` all of it.
 */
interface Words {
  readonly anywhere: string;
  readonly beginning?: string;
  readonly whole?: string;
}

const tumor: Words = {
  anywhere:
    "tumou?r|tumeur|neoplas|neoplaz|carcinom|karzinom|oncocytom|angiomyolip|lesion|laesion|lesao|nowotw|опухол|новообраз|kitlesi|肿瘤|腫瘤|腫瘍|癌|肿块|腫塊|病灶",
  beginning: "cancer|krebs|kanker|malign|lasion|guz|kitle|рак",
  whole: "rak|rcc|nzk|ccrcc|prcc|chrcc|aml|mass|masse|massa|masa|gtvs?|gtvp|gtvt|tm|tu|ca",
};

const cyst: Words = {
  anywhere: "cyst|zyst|kyst|quiste|torbiel|кист|囊肿|囊腫|嚢胞|のう胞",
  beginning: "kist|cisti|cisto|bosniak",
};

const kidney: Words = {
  anywhere: "kidney|niere|bobrek|почк|肾|腎",
  beginning: "renal|rinon|rognon|nerk",
  whole: "ren|rene|reni|renes|rein|reins|rim|rins|nier|nieren|kid|kidn|parenchym[ae]?|cortex|medulla",
};

/** Other organs, vessels, hollows, stones, nodes, volumes of radiotherapy planning. */
const other: Words = {
  anywhere:
    "liver|spleen|adrenal|suprarenal|surrenal|nebenniere|pancrea|pankrea|gallblad|bladder|stomach|duoden|intestin|rectum|rektum|esophag|aorta|vessel|gefas|vascul|arter|venous|thromb|ureter|pelvis|pelvic|calyc|calix|collecting|hilum|hilus|sinus|becken|kelch|stein|stone|vein|vena|vene|portal|lymph|metasta|vertebr|muscle|muskel|psoas|prostat|breast|thyroid|trachea|femur|sacrum|gluteus|autochthon|background|hintergrund|myocard|печен|надпочеч|селезен|肝|脾|胰|膵|肾上腺|腎上腺|副腎|肺|血管|静脉|動脈|动脉",
  beginning:
    "leber|foie|fegato|higado|figado|watrob|karaciger|hepat|milz|rate|baco|bazo|splen|bijnier|lung|poumon|polmon|pulmon|heart|herz|coeur|cuore|corazon|magen|estomac|bowel|darm|colon|kolon|blase|vessie|vescica|vejiga|uterus|ovar|cava|calcul|node|bone|knochen|wirbel|spin|skin|haut|korper|external|brain|hirn|bronch|clavic|scapul|humer|iliac|iliopsoas|atri|ventric|artefact|artifact",
  whole:
    "ptv|ptvs|ctv|ctvs|ivc|svc|vci|ao|bed|block|scar|dose|ring|marker|lever|rib|ribs|hip|fat|fett|body|patient|couch|table|skull|brust|peau|os|calyx|bazin|havuz|mesane|dalak|wall",
};

const match = ({ anywhere, beginning, whole }: Words): RegExp =>
  new RegExp(
    [
      `(?:${anywhere})`,
      ...(beginning ? [`(?<!\\p{L})(?:${beginning})`] : []),
      ...(whole ? [`(?<!\\p{L})(?:${whole})(?!\\p{L})`] : []),
    ].join("|"),
    "u",
  );

const otherStructure = match(other);
/** In the order asked: a kidney's tumour is a tumour. */
const labels: readonly (readonly [MaskLabel, RegExp])[] = [
  [2, match(tumor)],
  [3, match(cyst)],
  [1, match(kidney)],
];

/** `Kidney_L-GTV`, `kidney without tumour`: what is taken away does not name the region. */
const without =
  /(?:\s(?:minus|without|wo|excluding|excl|no|ohne|sans|senza|sin|sem|zonder|bez)\s|\s?-\s?(?=[gp]tv)).*$/u;

/** `kidney and tumor`: an organ with what is in it is the organ; the tumour, where it is drawn too, lies over it. */
const and = /\s(?:and|und|et|e|y|en|i|ve|plus|with|mit|avec|con|com|incl|including)\s|\s?[+&]\s?/u;

/**
 * What a name says a region is: a label, `"other"` for a structure that is neither kidney, tumour nor cyst (of another
 * organ, too), undefined where it is not understood.
 */
export function labelOfName(name: string): MaskLabel | "other" | undefined {
  const words = normalized(name).replace(without, "");
  if (otherStructure.test(words)) return "other";
  const parts = words.split(and).map(firstLabel);
  return parts.length > 1 && parts.includes(1) ? 1 : firstLabel(words);
}

const firstLabel = (words: string): MaskLabel | undefined =>
  labels.find(([, pattern]) => pattern.test(words))?.[0];

/** Lower case, accents off, words of camelCase and what punctuation, underscores or digits set apart with one space. */
const normalized = (name: string): string =>
  name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[_.,;:/\\()[\]{}\d\s]+/gu, " ")
    .trim();
