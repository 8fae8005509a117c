import { html, trusted } from "../page/html.ts";
import { style } from "./style.ts";

/** What a report's page begins with: nothing runs on it, and nothing is loaded from elsewhere. */
export const pageHead = (title: string, software: string) => html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${software}">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>`;
