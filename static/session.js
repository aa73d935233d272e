// The session ends after some idle time: say so before, and let it be kept. The server decides; this only warns.
(function () {
  'use strict';
  var dialog = document.getElementById('session-end');
  if (!dialog || !dialog.showModal) { return; }
  var idle = Number(dialog.dataset.idle) * 1000;
  var warn = Number(dialog.dataset.warn) * 1000;
  var minutes = dialog.querySelector('[data-minutes]');
  var said = document.getElementById('session-end-said');
  var form = dialog.querySelector('[data-stay-form]');
  var last = Date.now();
  var spoken = null;

  function inWords(left) {
    var whole = Math.max(1, Math.ceil(left / 60000));
    return whole === 1 ? '1 minute' : whole + ' minutes';
  }

  function look() {
    var left = idle - (Date.now() - last);
    if (left <= 0) { window.location.reload(); return; }
    if (left > warn) { return; }
    minutes.textContent = inWords(left);
    if (!dialog.open) { dialog.showModal(); }
    var step = left <= 60000 ? 'end' : 'start';
    if (step !== spoken) {
      spoken = step;
      said.textContent = 'You will be signed out in ' + inWords(left) + '.';
    }
  }

  function alive() { last = Date.now(); spoken = null; if (dialog.open) { dialog.close(); } }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    fetch(dialog.dataset.stay, {
      method: 'POST', body: new FormData(form), credentials: 'same-origin', redirect: 'manual'
    }).then(function (answer) {
      if (answer.ok) { alive(); } else { window.location.reload(); }
    }).catch(function () { said.textContent = 'Not signed in again yet: no signal.'; });
  });
  // A draft saved by script or a fragment fetched keeps the session as a page does.
  document.addEventListener('htmx:afterRequest', function (event) { if (event.detail.successful) { alive(); } });
  document.addEventListener('rj:saved', alive);
  window.setInterval(look, 5000);
  document.addEventListener('visibilitychange', look);
})();
