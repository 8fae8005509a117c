import type { ContrastPhase } from "./contrastPhase.ts";

/** A word for each phase; `\b` holds between letters and anything else once accents are taken off. */
type Words = Readonly<Record<ContrastPhase, readonly RegExp[]>>;

const words = (...list: string[]): RegExp[] =>
  list.map((word) => new RegExp(`(?<![a-z])(?:${word})(?![a-z])`, "i"));

/**
 * How radiographers name phases in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Chinese and
 * Japanese, without accents. Portal-venous scans of the abdomen (60–80 s) show nephrograms: they count as nephrographic.
 */
export const phaseWords: Words = {
  unenhanced: [
    ...words(
      "native?|nativ[oae]?|natywn[aey]|blanco",
      "non?[ _-]?(contrast|con|ce|enh\\w*|inj\\w*)|nect|ncct",
      "un-?enhanced|pre[ -]?(contrast|kontrast|contraste|ivc?)|plain|without( contrast)?",
      "w/?o( c\\w*)?|s/?c|sans( inj\\w*| contraste| produit\\w*| ivc?)?|sin( civ| contraste)?|senza( mdc| contrasto)?|sem( contraste)?",
      "zonder( contrast)?|ohne( km| kontrast\\w*)?|basale?|bez kontrastu|vuoto|smdc|c-|km-|iv-",
    ),
    /平扫|平掃|单纯|単純|造影前/u,
  ],
  corticomedullary: [
    ...words(
      "art|arteri\\w+|arteries|arterio\\w*|a-?phase|ap",
      "cortico-?medull\\w*|kortiko-?medull\\w*|cortical\\w*|corticale?|cmp|cm-?phase",
      "early|frueh\\w*|fruh\\w*|precoce|temprana|vroeg\\w*|tetnicza|korowo\\w*",
      "late[ _-]?art\\w*|cta",
    ),
    /动脉|動脈|皮髓|皮髄|皮質/u,
  ],
  nephrographic: [
    ...words(
      "nephro\\w*|nefro\\w*|nephrograph\\w*|parenchym\\w*|tubul\\w*|np|ngp",
      "port\\w*|pv|pvp|p-?ven\\w*|ven|veno\\w*|venous|venoes\\w*|venos\\w*|veineux|veineuse|veneuz\\w*|venez\\w*|venszn\\w*|zylna|v-?phase|vp",
      "wrotna|miazszowa",
    ),
    /门静脉|门脉|門脈|静脉|靜脈|静脈|实质|実質|肾实质/u,
  ],
  excretory: [
    ...words(
      "excre\\w*|exkr\\w*|escret\\w*|ausscheid\\w*|urogra\\w*|uro|ctu|pyelo\\w*|eliminat\\w*|ep",
      "delay\\w*|late|later|spaet\\w*|spat\\w*|tardi\\w*|tard|retard\\w*|retras\\w*|laat|late[ _-]?phase|pozna|wydalnicza|dp|equilib\\w*",
    ),
    /排泄|延迟|延遲|遅延|延時|排尿/u,
  ],
};

/** What has such a word in it without being of that phase. */
export const falseFriends =
  /arteri[ao]e? renal\w*|renal arter\w*|art\w* ?3d|vena cava|venogra\w*|late ?ral|lat(?![a-z])|ap ?(scout|topo|view)|(?<![a-z])(c\/o|no ?late)(?![a-z])/gi;
