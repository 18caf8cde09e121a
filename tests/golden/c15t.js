// Options for c15t 2, made by p2p on 2026-11-23, for getOrCreateConsentRuntime. Read them before you publish them.
// Give each script a category from this list. "offline" keeps the answer in the visitor's browser only;
// with a server of your own, write mode: "hosted" and its backendURL.
export default { mode: "offline", consentCategories: ["necessary", "functionality", "measurement", "marketing"] };
