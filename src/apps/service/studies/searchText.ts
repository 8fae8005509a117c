/** Text as it is searched: small letters, and accents in one form, however a sender composed them. */
export const searchText = (text: string): string => text.normalize("NFC").toLowerCase();
