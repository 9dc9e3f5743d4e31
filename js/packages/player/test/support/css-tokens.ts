interface CssTree {
  tokenize: (css: string, onToken: (type: number, start: number, end: number) => void) => void;
  tokenTypes: Record<'AtKeyword' | 'Function' | 'RightParenthesis' | 'String' | 'Url' | 'WhiteSpace', number>;
}

/** A tokenizer of CSS that is not the player's own; the package has no types. */
export const { tokenize, tokenTypes } = (await import('css-tree' as string)) as CssTree;
