// Keeps the pictures that the next click may ask for.

export default function ({ data }) {
  store.ahead = data.pictures;
}
