/** Storage SOP classes met beside CT, by UID (PS3.6 annex A); CT ones first. */
const names: Readonly<Record<string, string>> = {
  "1.2.840.10008.5.1.4.1.1.2": "CT Image",
  "1.2.840.10008.5.1.4.1.1.2.1": "Enhanced CT Image",
  "1.2.840.10008.5.1.4.1.1.2.2": "Legacy Converted Enhanced CT Image",
  "1.2.840.10008.1.3.10": "Media Storage Directory",
  "1.2.840.10008.5.1.4.1.1.1": "Computed Radiography Image",
  "1.2.840.10008.5.1.4.1.1.4": "MR Image",
  "1.2.840.10008.5.1.4.1.1.4.1": "Enhanced MR Image",
  "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture Image",
  "1.2.840.10008.5.1.4.1.1.20": "Nuclear Medicine Image",
  "1.2.840.10008.5.1.4.1.1.30": "Parametric Map",
  "1.2.840.10008.5.1.4.1.1.66.4": "Segmentation",
  "1.2.840.10008.5.1.4.1.1.66.7": "Label Map Segmentation",
  "1.2.840.10008.5.1.4.1.1.88.11": "Basic Text SR",
  "1.2.840.10008.5.1.4.1.1.88.22": "Enhanced SR",
  "1.2.840.10008.5.1.4.1.1.88.33": "Comprehensive SR",
  "1.2.840.10008.5.1.4.1.1.88.34": "Comprehensive 3D SR",
  "1.2.840.10008.5.1.4.1.1.88.67": "X-Ray Radiation Dose SR",
  "1.2.840.10008.5.1.4.1.1.104.1": "Encapsulated PDF",
  "1.2.840.10008.5.1.4.1.1.128": "PET Image",
  "1.2.840.10008.5.1.4.1.1.481.2": "RT Dose",
  "1.2.840.10008.5.1.4.1.1.481.3": "RT Structure Set",
  "1.2.840.10008.5.1.4.1.1.481.5": "RT Plan",
};

const ct = new Set(Object.keys(names).slice(0, 3));

/** The class's name, or its UID where it is none of the usual. */
export const sopClassName = (uid: string): string => names[uid] ?? uid;

export const isCtImage = (uid: string | undefined): boolean => uid !== undefined && ct.has(uid);
