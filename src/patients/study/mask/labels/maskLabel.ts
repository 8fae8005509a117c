/** 1 kidney, 2 tumour, 3 cyst: as in KiTS. */
export type MaskLabel = 1 | 2 | 3;
