/** Entry of Django's admin: its pages in the site's colours and type. */
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/admin.css";
