// The session ends after some idle time: say so before, and let it be kept. The server decides; this only warns, and at
// the end hands in what was typed: nothing of it is submitted, and it comes back after signing in.
(function () {
  'use strict';
  var dialog = document.getElementById('session-end');
  if (!dialog || !dialog.showModal) { return; }
  var idle = Number(dialog.dataset.idle) * 1000;
  var warn = Math.min(Number(dialog.dataset.warn) * 1000, idle / 2);
  var minutes = dialog.querySelector('[data-minutes]');
  var said = document.getElementById('session-end-said');
  var stay = dialog.querySelector('[data-stay-form]');
  var windows = window.BroadcastChannel ? new BroadcastChannel('session') : null;
  var refused = document.querySelector('form .govuk-form-group--error');
  var typed = refused && refused.closest('form');
  var last = Date.now();
  var spoken = null;
  var over = false;

  function inWords(left) {
    var whole = Math.max(1, Math.ceil(left / 60000));
    return whole === 1 ? '1 minute' : whole + ' minutes';
  }

  function look() {
    var left = idle - (Date.now() - last);
    if (left <= 0) { end(); return; }
    if (left > warn) { return; }
    minutes.textContent = inWords(left);
    if (!dialog.open) { dialog.showModal(); }
    var step = left <= 60000 ? 'end' : 'start';
    if (step !== spoken) {
      spoken = step;
      said.textContent = 'You will be signed out in ' + inWords(left) + '. What you typed is kept.';
    }
  }

  function calledOver(address) {
    var url = new URL(address, window.location.href);
    url.searchParams.set('session-over', '1');
    return url.href;
  }

  function post(address) {
    return fetch(address, { method: 'POST', body: new FormData(stay), credentials: 'same-origin', redirect: 'manual' });
  }

  function again() { window.location.assign(window.location.pathname + window.location.search); }

  function end() {
    if (over) { return; }
    over = true;
    if (!typed || !typed.isConnected) { post(calledOver(stay.action)).finally(again); return; }
    typed.querySelectorAll('input[type="file"]').forEach(function (field) { field.disabled = true; });
    typed.setAttribute('action', calledOver(typed.getAttribute('action') || window.location.href));
    HTMLFormElement.prototype.submit.call(typed);
  }

  function seen() { last = Date.now(); spoken = null; if (dialog.open) { dialog.close(); } }
  function alive() { seen(); if (windows) { windows.postMessage('alive'); } }

  stay.addEventListener('submit', function (event) {
    event.preventDefault();
    post(stay.action).then(function (answer) {
      if (answer.ok) { alive(); } else { end(); }
    }).catch(function () { said.textContent = 'Not signed in again yet: no signal.'; });
  });
  document.addEventListener('input', function (event) {
    var form = event.target.form;
    if (form && form.method === 'post') { typed = form; }
  });
  // A draft saved by script or a fragment fetched keeps the session as a page does, and so does another window.
  document.addEventListener('htmx:afterRequest', function (event) { if (event.detail.successful) { alive(); } });
  document.addEventListener('rj:saved', alive);
  if (windows) { windows.onmessage = seen; }
  alive();
  window.setInterval(look, Math.min(5000, warn / 2));
  document.addEventListener('visibilitychange', look);
})();
