/* SPDX-License-Identifier: ISC */
(function (d, w, n, l) {
	var s = d.currentScript.dataset, q = encodeURIComponent, r = d.referrer, max = 0, u

	if (n.globalPrivacyControl || n.doNotTrack == 1) return
	function send(e, p, k) {
		var a = (s.to || "/t.gif") + "?e=" + e + "&t=" + Date.now() + "&u=" + q(u) + "&r=" + q(r)
		for (k in p) a += "&" + k + "=" + q(p[k])
		n.sendBeacon && n.sendBeacon(a) || (new Image().src = a)
	}
	function left() { max && send("scroll", { depth: max }); max = 0 }
	function view(first) {
		var now = l.href.split("#")[0]
		if (now == u) return
		if (u) left(), r = u
		u = now
		s.views == "none" || first && s.views == "later" || send("page_view")
	}
	function on(e, f, t) { (t || d).addEventListener(e, f, true) }

	on("click", function (e) {
		var t = e.target.closest("[data-sst]"), a = e.target.closest("a[href]")
		if (t) send("click", { name: t.dataset.sst })
		if (a && /^http/.test(a.protocol) && a.host != l.host)
			send("outbound_link", { to: a.host + a.pathname })
	})
	on("submit", function (e) { send("form_submit", { form: e.target.getAttribute("id") || "" }) })
	on("scroll", function () {
		var h = d.documentElement
		max = Math.max(max, Math.min(100, Math.round((w.scrollY + h.clientHeight) / h.scrollHeight * 4) * 25))
	}, w)
	on("visibilitychange", function () { d.hidden && left() })
	on("popstate", function () { view() }, w)
	var push = history.pushState
	history.pushState = function () { push.apply(this, arguments); view() }
	view(1)
})(document, window, navigator, location)
