// Streamlit can read a cookie but not set one, so the browser writes it: for this path, a year, not sent elsewhere.
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.name}=${data.token}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`;
}
