/** A page of the libraries that make class names of styles. */
export function build(css, keyframes) {
  const root = document.getElementById('root');
  let size = 0;
  window.grow = () => {
    size++;
    const fade = keyframes`from { opacity: 0.2 } to { opacity: ${0.5 + size / 100} }`;
    const rows = Array.from({ length: size * 4 }, (_, at) => {
      const row = document.createElement('div');
      row.className = css`
        display: flex; width: ${(at + size) * 10}px; border: ${size}px solid rgb(0, 128, 0); animation: ${fade} 1s paused both;
        @media (min-width: 1px) { padding: ${at}px; }
        b { color: rgb(7, 8, ${at}); }
        input { color: rgb(10, 20, ${size}); user-select: none; }
        input::placeholder { color: rgb(40, 50, 60); }
        &::-moz-selection { color: red; }
      `;
      row.innerHTML = '<b>text</b><input placeholder=p>';
      return row;
    });
    root.replaceChildren(...rows);
  };
  window.grow();
}
