import type { ContrastPhase } from "../contrastPhase.ts";

/** Words of one meaning, in text without accents and in lower case. */
type Words = readonly RegExp[];

/** As words of their own: between other things than letters. */
const words = (...list: string[]): Words => list.map((word) => new RegExp(`(?<![a-z])(?:${word})(?![a-z])`));

/**
 * How radiographers name phases in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Chinese and
 * Japanese. Portal-venous scans of the abdomen (60–80 s) show nephrograms: they count as nephrographic.
 */
export const phaseWords: Readonly<Record<ContrastPhase, Words>> = {
  unenhanced: [
    ...words(
      "native?|nativ[oae]s?|nativphase|natywn[aey]|blanco|blanko",
      "non?[ -]?(contrast\\w*|con|ce|c|enh\\w*|inj\\w*|ivc?)|nect|ncct|nc|nce",
      "un-?enh\\w*|not enh\\w*|pre|pre[ -]?(contrast\\w*|kontrast|kont|iv|inj\\w*|km|monitoring)|precontrast\\w*|plain|without",
      "w ?/ ?o|wo|s ?/ ?c|s ?/ ?(iv|km|mdc|cte|contraste)|sans( inj\\w*| contraste| produit\\w*| pdc| iv)?|sin|senza|sem|zonder|ohne",
      "vor km|avant inj\\w*|basale?|vuoto|smdc|bez kontrastu|vnc|vue|tnc",
    ),
    // A minus sign ends no word: `c- ` is one, `c-spine` is not.
    /(?<![a-z])(?:c|km|iv|ci|mdc|inj) ?-(?![a-z\d-])/,
    /平扫|平掃|単純|非增强|非造影|造影前|增强前/u,
  ],
  corticomedullary: [
    ...words(
      "art|arter|arteri[aeo]\\w*|arterie[ls]{1,3}e?|arteryjn[aey]|a-?phase",
      "cortico-?medul\\w*|kortiko-?medul\\w*|cortical\\w*|corticale?s?|cmp|cm-?phase|cortex",
      "tetnicza|korowo\\w*|cta|angio|angio-?(ct|tc|scanner|tac)",
    ),
    /动脉|動脈|皮髓|皮髄|皮质|皮質/u,
  ],
  nephrographic: [
    ...words(
      "nephro|nefro|nefrogra\\w*|ne[ph]{1,2}rogra\\w*|nephrogeni\\w*|nefrogeni\\w*|parench?[iy]m\\w*|tubul\\w*|np|ngp",
      "porto?|porta|portal\\w*|portaal|porto-?ven\\w*|pv|pvp|pvs|p-?ven\\w*|ven|veno|venous|venoe?se?s?|venos[aoe]s?|veineux|veineuse|veneuze?|venez\\w*|v-?phase|vp",
      "zylna|wrotna|miazszowa",
    ),
    /门静脉|门脉|門脈|静脉|靜脈|静脈|实质|実質/u,
  ],
  excretory: [
    ...words(
      "excre\\w*|exkr\\w*|escret\\w*|ausscheid\\w*|uitscheid\\w*|pyelo\\w*|pielo\\w*|eliminat\\w*|ep",
      "wydalnicza",
    ),
    /排泄|排尿/u,
  ],
};

/**
 * What names a phase where nothing plainer does: "late arterial" is arterial, "portal tardif" portal, and a urography has
 * all phases.
 */
export const weakWords: Readonly<Partial<Record<ContrastPhase, Words>>> = {
  corticomedullary: words("early|frueh\\w*|fruh\\w*|precoce|precox|temprana|vroege?\\w*|wczesna"),
  excretory: [
    ...words(
      "delay\\w*|dly|late|spaet\\w*|spat\\w*|tardi\\w*|tard|retard\\w*|retras\\w*|laat|late fase|pozna|opoznion\\w*|dp|equilib\\w*",
      "urogra\\w*|uro|ctu|uro-?(ct|tc|tac|scanner)",
    ),
    /延迟|延遲|遅延|延時|平衡|晚期/u,
  ],
};

/** With contrast medium, of whatever phase. */
export const enhancedWords: Words = [
  ...words(
    "post|post-?(contrast\\w*|contraste|km|iv|inj\\w*|gad)|enh|enhanced|with (and without )?contrast|w/? ?con\\w*|w(?= ?[/&+]? ?(and )?w ?/?o(?![a-z]))|mit km|nach km|avec( inj\\w*)?|apres inj\\w*|inject?e+|con (contraste|mdc|civ|mezzo)|com contraste|met contrast|cect|cmdc|c ?/ ?(contraste|mdc|iv)|iv contrast",
  ),
  /(?<![a-z])(?:c|km|iv|ci|mdc|inj) ?\+/,
  /增强|增強|造影(?!前)/u,
];

/** What has such a word in it without being of that phase. */
export const falseFriends: readonly RegExp[] = [
  // Organs and vessels.
  /(?<![a-z])(arteri[ao]e?s?|art|arteres?) (renal\w*|iliac\w*|carotid\w*|pulmon\w*|femor\w*|coronar\w*|hepat\w*)/g,
  /(?<![a-z])(renal|iliac|carotid|pulmonary|coronary|nieren|hepatic) ?(arter\w*|ven\w*)/g,
  /(?<![a-z])(ven[ae]e?s?|veine) (cava|cave|renal\w*|porta[el]?)/g,
  /(?<![a-z])(porta hepatis|port-?a-?cath|portkatheter|portable|venogra\w*|phlebogra\w*)/g,
  /(?<![a-z])nephro-?(stom\w*|lith\w*|ureter\w*|ctom\w*|blast\w*)|(?<![a-z])nephrectom\w*|(?<![a-z])nierenarter\w*/g,
  /(?<![a-z])cortical (bone|recon)/g,
  // Views and reconstructions.
  /(?<![a-z])(late ?ral\w*|art ?3d|pre ?(scan|op\w*)|post ?(op\w*|proc\w*|process\w*)|no late)(?![a-z])/g,
];

const denials = "no|not|without|w ?/ ?o|wo|non|ohne|kein\\w*|sans|pas de|sin|senza|sem|zonder|geen|bez";
const enhancedPhases = ["corticomedullary", "nephrographic", "excretory"] as const;
const sources = enhancedPhases
  .flatMap((phase) => [...phaseWords[phase], ...(weakWords[phase] ?? [])])
  .map(({ source }) => source);

/** An enhanced phase that is said not to be there: "without late phase". */
export const denied = new RegExp(
  `(?<![a-z])(?:${denials}) (?:(?:fase|phase|temps|de) )*(?:${sources.join("|")})`,
  "gu",
);
