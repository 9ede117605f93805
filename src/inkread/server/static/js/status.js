/**
 * The four states of a reading, in words and in a sign: nothing on the page is told by colour alone.
 */

export const STATUS = {
  accepted: { sign: "✓", word: "accepted", says: "Sure enough to be taken as it stands." },
  review: { sign: "?", word: "please check", says: "Read, but a person should look at it." },
  refused: { sign: "–", word: "not read", says: "No text is made up for what cannot be read." },
  failed: { sign: "!", word: "failed", says: "The file could not be opened." },
};

const ORDER = ["accepted", "review", "refused", "failed"];

/** The state of this name; an unknown one is shown as to be checked. */
export const statusOf = (name) => STATUS[name] ?? STATUS.review;

/** The worst state of readings. */
export const worst = (readings) =>
  readings.reduce((bad, r) => (ORDER.indexOf(r.status) > ORDER.indexOf(bad) ? r.status : bad), "accepted");

/** How sure one is of a character, in four steps that differ in their underline as well as in their colour. */
export const sureness = (confidence) =>
  confidence >= 0.95 ? "sure" : confidence >= 0.8 ? "likely" : confidence >= 0.5 ? "doubtful" : "guess";
