// Reading the columns that coding.py wrote: 16 bits a number, in base64.

const KNOWN = window.TEGNAS_EXPLORER;
const FAILED = 65535;
const MISSING = 65534;

function bytesOf(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}

function whole(text) {
  return new Uint16Array(bytesOf(text).buffer);
}

function bits(text) {
  return new Uint32Array(bytesOf(text).buffer);
}

/** The numbers of a column: Infinity where the value could not be computed, NaN where it is not known. */
function numbers(column) {
  return Float64Array.from(whole(column.data), q => {
    if (q === FAILED) return Infinity;
    if (q === MISSING) return NaN;
    const x = column.start + column.step * q;
    return column.log ? Math.exp(x) : x;
  });
}
