import type { Complexity, Histology, Stage } from "../../cohort/case.ts";

/** A benign tumour takes its case out of the cohort. */
type HistologyValue = Histology | "benign";

/**
 * Text as it is looked up: without accents, case, punctuation and spaces, `Klarzelliges NZK` as `klarzelligesnzk`. A
 * lone plus or minus is kept, and a question mark, so that `ccRCC?` is no ccRCC.
 */
export const lookupKey = (text: string): string =>
  /^\s*[+\-–]\s*$/.test(text)
    ? text.trim().replace("–", "-")
    : text
        .normalize("NFD")
        .replaceAll(/\p{Mn}/gu, "")
        .replaceAll("ß", "ss")
        .replaceAll("ł", "l")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}?]/gu, "");

type Words<T extends string> = Readonly<Record<T, string>>;

/** Every word, by lookup key; words are set apart by commas. */
const table = <T extends string>(words: Words<T>): ReadonlyMap<string, T> =>
  new Map(
    (Object.entries(words) as [T, string][]).flatMap(([value, list]) =>
      [value, ...list.split(",")].map((word): [string, T] => [lookupKey(word), value]),
    ),
  );

/** Cells that say that nothing is known. */
export const unknownWords: ReadonlySet<string> = new Set(
  "-,?,??,na,nv,nd,nk,nr,none,null,nan,unknown,missing,unbekannt,keineangabe,ka,fehlt,inconnu,nonconnu,desconocido,sconosciuto,desconhecido,onbekend,nieznany,brak,不明,未知"
    .split(",")
    .concat(""),
);

/** Said around a histology's name in many pathology reports, and never telling one from another. */
const carcinoma =
  /renalcellcarcinoma|renalcellcancer|nierenzellkarzinoms?|nierenzellcarcinoms?|niercelcarcinoom|carcinomerenal|carcinomarenal[ei]?|carcinomadecelulasrenales|carcinomaacellulerenali|rak(?:nerki)?|carcinom[ae]|karzinom|carcinoom|rcc|nzk|nzc|ccr$|typ$|type$/g;

const histologyWords = table<HistologyValue>({
  clear_cell:
    "clear cell,cc,ccRCC,klarzellig,klarzelliges,klarzeller,hellzellig,à cellules claires,cellules claires,de células claras,células claras,a cellule chiare,cellule chiare,heldercellig,jasnokomórkowy,透明细胞,透明细胞癌,淡明細胞型",
  papillary:
    "pRCC,papillary type 1,papillary type 2,papillary type I,papillary type II,papillär,papilläres,papillär Typ 1,papillär Typ 2,papillaire,papilar,papillare,papillair,brodawkowaty,乳头状,乳頭状",
  chromophobe:
    "chRCC,chromophob,chromophobes,cromófobo,cromofobo,cromofoba,chromofoob,chromofobowy,嫌色细胞,嫌色細胞",
  other:
    "other malignant,sonstige,andere,autre,otro,altro,outro,overig,inny,unclassified,unklassifiziert,collecting duct,bellini,sammelrohr,medullary,medullär,translocation,mit family translocation,tfe3 rearranged,tubulocystic,mucinous tubular and spindle cell,clear cell papillary,fh deficient,sdh deficient,urothelial,urothelkarzinom,transitional cell,nephroblastoma,sarcoma",
  benign:
    "benign tumor,benign tumour,benigne,gutartig,bénin,benigno,goedaardig,oncocytoma,onkozytom,oncocytome,oncocitoma,oncocytoom,angiomyolipoma,angiomyolipom,angiomyolipome,angiomiolipoma,AML,cyst,zyste,kyste,quiste,cisti,adenoma,metanephric adenoma,MEST,mixed epithelial and stromal tumor,mixed epithelial and stromal tumour",
});

const sexWords = table<"female" | "male">({
  female:
    "f,w,v,k,woman,weiblich,frau,femme,féminin,mujer,femenino,femmina,femminile,feminino,mulher,vrouw,kobieta,女",
  male: "m,h,man,männlich,mann,homme,masculin,hombre,varón,masculino,maschio,maschile,homem,mężczyzna,男",
});

const stageWords = table<Stage>({
  I: "1,stage I,stage 1,stadium I,stadium 1,stade I,stade 1,estadio I,estadio 1,stadio I,stadio 1,Ⅰ",
  II: "2,stage II,stage 2,stadium II,stadium 2,stade II,stade 2,estadio II,estadio 2,stadio II,stadio 2,Ⅱ",
  III: "3,stage III,stage 3,stadium III,stadium 3,stade III,stade 3,estadio III,estadio 3,stadio III,stadio 3,Ⅲ",
  IV: "4,stage IV,stage 4,stadium IV,stadium 4,stade IV,stade 4,estadio IV,estadio 4,stadio IV,stadio 4,Ⅳ",
});

const complexityWords = table<Complexity>({
  low: "niedrig,gering,faible,baja,bajo,bassa,basso,baixa,laag,niska,低",
  moderate:
    "intermediate,medium,mittel,mittelgradig,mäßig,modérée,intermédiaire,moderada,intermedia,media,gemiddeld,中",
  high: "hoch,élevée,haute,alta,alto,hoog,wysoka,高",
});

const yesNoWords = table<"yes" | "no">({
  yes: "y,true,1,+,ja,j,oui,o,sí,si,s,sim,tak,present,vorhanden,présent,presente,presence,是,有",
  no: "n,false,0,nein,non,nee,não,nao,nie,absent,fehlend,ausente,assente,否,无",
});

/** The tables that a mapping's `values` add to, by field. */
export const vocabulary = {
  histology: histologyWords,
  sex: sexWords,
  stage: stageWords,
  complexity: complexityWords,
  necrosis: yesNoWords,
} as const;

/** What a word means in a field's own table; never by likeness. */
export function meaning(field: keyof typeof vocabulary, text: string): string | undefined {
  const key = lookupKey(text);
  const words = vocabulary[field];
  const found = words.get(key);
  if (found !== undefined || field !== "histology") return found;
  const core = key.replaceAll(carcinoma, "");
  return core === key ? undefined : words.get(core);
}
