import { css } from 'lit';

/** The looks of the session list. */
export const sessionListStyles = css`
  :host { padding: 0 0 24px; }
  form:not([method]) {
    display: flex; flex-wrap: wrap; gap: 10px; align-items: end; padding: 14px 20px; background: var(--_surface);
    border-bottom: 1px solid var(--_line);
  }
  label { display: grid; gap: 3px; font-size: 12px; color: var(--_muted); }
  label input, label select { font-size: 14px; color: var(--_text); height: 34px; }
  label.check { display: flex; align-items: center; gap: 6px; height: 34px; font-size: 14px; color: var(--_text); }
  label.check input { min-height: 0; height: auto; margin: 0; accent-color: var(--_accent); }
  form > button { height: 34px; }
  .actions { text-align: right; } .actions button { min-height: 26px; padding: 1px 9px; font-size: 12px; white-space: nowrap; }
  input[name=user] { width: 200px; }
  input[name=url] { width: 220px; }
  input[name=event], input[name=browser], input[name=os] { width: 140px; }
  input[name=minDuration] { width: 120px; }
  details { flex-basis: 100%; }
  summary { cursor: pointer; color: var(--_muted); width: max-content; }
  details > div { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 10px; }
  .table {
    margin: 16px 20px 0; background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius);
    overflow-x: auto;
  }
  table { width: 100%; border-collapse: collapse; min-width: 820px; }
  th {
    text-align: left; font-weight: 500; font-size: 12px; color: var(--_muted); padding: 9px 12px;
    border-bottom: 1px solid var(--_line); white-space: nowrap;
  }
  td { padding: 9px 12px; border-bottom: 1px solid var(--_line); vertical-align: top; }
  tbody tr { cursor: pointer; }
  tbody tr:last-child td { border-bottom: 0; }
  tbody tr:hover { background: var(--_raised); }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .when { white-space: nowrap; }
  .entry { max-width: 300px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .user { max-width: 260px; }
  .sub { display: block; font-size: 12px; color: var(--_muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  td a { font-weight: 600; text-decoration: none; display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  td a:hover { text-decoration: underline; }
  @media (max-width: 960px) { th, td { padding-left: 8px; padding-right: 8px; } }
  @media (max-width: 700px) {
    form:not([method]) { padding: 12px; }
    form > label:not(.check) { flex: 1 1 140px; }
    form > label:not(.check) input, form > label select { width: 100% !important; }
    label.check { white-space: nowrap; }
    .table { margin: 12px 12px 0; }
    table { min-width: 0; }
    table, tbody { display: block; }
    thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    tbody tr {
      display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; padding: 10px 12px;
      border-bottom: 1px solid var(--_line);
    }
    tbody tr:last-child { border-bottom: 0; }
    tbody td { padding: 0; border: 0; } td.user { flex: 1 1 50%; max-width: none; min-width: 0; } td.when { font-size: 13px; }
    td.entry { flex-basis: 100%; max-width: none; font-size: 13px; }
    td.number, td:last-child { font-size: 12px; color: var(--_muted); }
    td.number[data-unit]::after { content: ' ' attr(data-unit); }
    td:last-child .sub { display: inline; } td:last-child .sub::before { content: ' · '; }
  }
  .more { display: grid; justify-items: center; padding: 16px; }
  .more .notice { padding: 8px; }
`;
