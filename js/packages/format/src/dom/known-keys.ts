/**
 * Keys that a DOM block uses without writing them (docs/format/v1.md, section 2.4). Their numbers are their places in this list, from 1:
 * number 0 is the element of an array.
 */
export const KNOWN_KEYS: readonly string[] = (
  'type data source id node attributes childNodes tagName textContent parentId nextId value adds removes texts positions x y timeOffset '
  + 'text isChecked pointerType target label href width height initialOffset left top name publicId systemId rootId isSVG isShadow '
  + 'isShadowHost isCustom needBlock compatMode styleId styleIds styles rules rule index set remove property priority replace replaceSync '
  + 'ranges start startOffset end endOffset define tag payload open gone pseudo keyframes timing composite rate state time userTriggered '
  + 'currentTime volume muted loop playbackRate class style src alt title role rel for placeholder tabindex aria-label aria-hidden '
  + 'aria-expanded aria-controls content lang checked selected disabled hidden xmlns viewBox d fill stroke transform opacity _cssText '
  + 'rr_scrollTop rr_scrollLeft data-sr-box data-sr-why data-sr-masked data-sr-media data-sr-sheet'
).split(' ');
