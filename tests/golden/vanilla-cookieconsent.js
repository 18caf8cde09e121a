// Configuration for vanilla-cookieconsent 3.1, made by p2p on 2026-11-23. Read it before you publish it.
// Each script that sets optional cookies needs type="text/plain" data-category="analytical", or whichever category it is.
// A cookie of a host above the site's own needs that host beside its name: domain: "council.example". Only for www. is it there.
// Raise the revision when a category or a cookie is added: visitors are then asked again.
export default {
  mode: "opt-in",
  revision: 0,
  guiOptions: { consentModal: { equalWeightButtons: true }, preferencesModal: { equalWeightButtons: true } },
  categories: {
    necessary: { enabled: true, readOnly: true },
    functional: {
      enabled: false,
      autoClear: {
        cookies: [{ name: "lang", path: "/help" }, { name: "^odd/[name]" }, { name: "^odd/[name]", domain: "my.council.example" }],
        reloadPage: true,
      },
    },
    analytical: { enabled: false, autoClear: { cookies: [{ name: "_ga" }, { name: /^_ga_.*$/ }], reloadPage: true } },
    performance: { enabled: false, autoClear: { cookies: [{ name: "RT" }], reloadPage: true } },
    advertisement: { enabled: false, autoClear: { cookies: [], reloadPage: true } },
  },
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: {
          title: "Cookies on this site",
          description: "We use cookies that this site needs to do what you ask of it. We would also like to use optional ones. They are off until you allow them, and you can change your mind at any time.",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          showPreferencesBtn: "Choose cookies",
        },
        preferencesModal: {
          title: "Cookies on this site",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          savePreferencesBtn: "Save my choice",
          closeIconLabel: "Close",
          sections: [
            {
              title: "Necessary cookies",
              description: "These do what you ask this site for: they keep you signed in, keep a form going, keep the site safe, or remember your answer about cookies. You cannot turn them off here. If you block them in your browser, parts of the site may stop working.",
              linkedCategory: "necessary",
              cookieTable: {
                headers: { name: "Name", provider: "Provider", purpose: "What it is for", retention: "How long it lasts" },
                body: [
                  { name: "sessionid", provider: "Django", purpose: "keeps you signed in", retention: "until you close your browser" },
                  { name: "cookies_policy", provider: "not known", purpose: "remembers your answer about cookies", retention: "1 year" },
                  {
                    name: "cc_cookie",
                    provider: "vanilla-cookieconsent",
                    purpose: "remembers your answer about cookies",
                    retention: "182 days",
                  },
                ],
              },
            },
            {
              title: "Functional cookies",
              description: "These remember choices, such as a language, or bring in extras, such as videos, maps and chat. You can refuse them. The site still works, but it forgets such choices, and some extras do not show.",
              linkedCategory: "functional",
              cookieTable: {
                headers: { name: "Name", provider: "Provider", purpose: "What it is for", retention: "How long it lasts" },
                body: [
                  { name: "lang", provider: "not known", purpose: "remembers your language", retention: "not known" },
                  { name: "yt-player (local storage)", provider: "YouTube", purpose: "not known", retention: "2 years" },
                  {
                    name: "^odd/[name]",
                    provider: "A &quot;maker&quot; &lt;/script&gt;",
                    purpose: "&lt;b&gt;bold&lt;/b&gt; &amp; on",
                    retention: "2 years",
                  },
                ],
              },
            },
            {
              title: "Analytical cookies",
              description: "These count visits and show us how the site is used. You can refuse them. The site works the same.",
              linkedCategory: "analytical",
              cookieTable: {
                headers: { name: "Name", provider: "Provider", purpose: "What it is for", retention: "How long it lasts" },
                body: [
                  { name: "_ga", provider: "Google Analytics", purpose: "tells visitors apart", retention: "2 years" },
                  { name: "_ga_*", provider: "Google Analytics", purpose: "keeps the state of a visit", retention: "2 years" },
                ],
              },
            },
            {
              title: "Performance cookies",
              description: "These measure how fast the site is, and where it goes wrong. You can refuse them. The site works the same.",
              linkedCategory: "performance",
              cookieTable: {
                headers: { name: "Name", provider: "Provider", purpose: "What it is for", retention: "How long it lasts" },
                body: [{ name: "RT", provider: "Akamai mPulse", purpose: "times the pages", retention: "7 days" }],
              },
            },
            {
              title: "Advertising cookies",
              description: "These choose or measure adverts, and may follow what you do on other sites. You can refuse them. The site works the same, and adverts that you see are not chosen by what you did before.",
              linkedCategory: "advertisement",
              cookieTable: {
                headers: { name: "Name", provider: "Provider", purpose: "What it is for", retention: "How long it lasts" },
                body: [{ name: "IDE", provider: "Google", purpose: "chooses adverts", retention: "2 years" }],
              },
            },
          ],
        },
      },
    },
  },
};
