// Contact details do not stay on a screen: after two minutes, on Escape, and when the page is left, they are taken off it.
(function () {
  'use strict';
  var shown = document.querySelector('[data-closes]');
  if (!shown) { return; }

  function hide() { shown.remove(); }
  function close() { hide(); window.location.replace(shown.dataset.back); }

  window.setTimeout(close, Number(shown.dataset.closes) * 1000);
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) { close(); }
  });
  window.addEventListener('pagehide', hide);
})();
