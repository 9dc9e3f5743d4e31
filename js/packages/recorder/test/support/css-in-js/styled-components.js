import { createElement as h, useState } from 'react';
import { createRoot } from 'react-dom/client';
import styled, { createGlobalStyle, keyframes } from 'styled-components';

const fade = keyframes`from { opacity: 0.2 } to { opacity: 0.9 }`;
const Global = createGlobalStyle`body { background: rgb(1, 2, 3); } ::selection { color: red; }`;
const Field = styled.input`
  color: rgb(10, 20, 30);
  &::placeholder { color: rgb(40, 50, 60); }
  &:focus-visible { outline: 3px solid rgb(9, 9, 9); }
  user-select: none;
`;
const Box = styled.div`
  display: flex;
  width: ${(props) => props.$size * 10}px;
  border: ${(props) => props.$size}px solid rgb(0, 128, 0);
  @media (min-width: 1px) { padding: ${(props) => props.$size}px; }
  b { color: rgb(7, 8, 9); }
  animation: ${fade} 1s paused both;
`;

function Page() {
  const [size, setSize] = useState(1);
  window.grow = () => setSize((now) => now + 1);
  return h(
    'div',
    null,
    h(Global),
    ...Array.from({ length: size * 4 }, (_, at) =>
      h(Box, { key: at, $size: at + size }, h('b', null, 'text'), h(Field, { placeholder: 'p' })),
    ),
  );
}
createRoot(document.getElementById('root')).render(h(Page));
