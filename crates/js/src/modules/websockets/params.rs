//! What a script may say of one socket: the third argument of the constructor, and what `k6/ws` takes
//! of it.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-websockets/params/>

use std::{net::IpAddr, rc::Rc, time::Duration};

use rquickjs::{Ctx, Exception, Filter, Object, Value};
use sockeye_engine::options::SignedDuration;
use sockeye_metrics::TagSet;
use sockeye_net::{
    ClientIdentity,
    http::CookieJar,
    websocket::{ClientMaxWindowBits, Compression, ConnectRequest, Offer, Ports, WindowBits},
};
use url::Url;

use crate::{
    interop::{self, bytes::usv_string},
    modules::{http::Jar, metrics},
    vu::host::Network,
};

/// What a script may set for one socket.
pub(in crate::modules) struct Params {
    pub(in crate::modules) headers: Vec<(String, String)>,
    pub(in crate::modules) tags: TagSet,
    pub(in crate::modules) compression: Compression,
    /// Instead of the VU's own.
    pub(in crate::modules) jar: Option<Rc<CookieJar>>,
    /// For dialling and the opening handshake together.
    pub(super) timeout: Duration,
    /// For the answer to our close frame.
    pub(super) close_timeout: Duration,
    /// The largest message that is taken, fragments together.
    pub(super) max_message_bytes: usize,
    /// What `bufferedAmount` may grow to.
    pub(in crate::modules) max_buffered_bytes: u64,
    /// Who the socket is to a server that asks for a certificate.
    pub(super) tls_auth: Option<ClientIdentity>,
    /// Where to connect from.
    pub(super) local_ip: Option<IpAddr>,
    /// Which ports are refused.
    pub(super) ports: Ports,
    /// Whether to ask over HTTP/2 if the server announces that it takes it.
    pub(super) http2: bool,
}

/// The keys that are known, for the message about one that is not.
const KEYS: [&str; 12] = [
    "headers",
    "tags",
    "jar",
    "compression",
    "timeout",
    "closeTimeout",
    "maxMessageSize",
    "maxBufferedAmount",
    "tlsAuth",
    "localIP",
    "blockPorts",
    "http2",
];

/// k6: its time limit for a handshake.
const TIMEOUT: Duration = Duration::from_mins(1);
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest message, and the most that may wait to be sent.
const MAX_BYTES: u32 = 256 << 20;

impl Params {
    /// Those of a socket of which the script says nothing. `tags` are what its samples have anyway.
    pub(in crate::modules) fn with_tags(tags: TagSet) -> Self {
        Self {
            headers: Vec::new(),
            tags,
            compression: Compression::None,
            jar: None,
            timeout: TIMEOUT,
            close_timeout: CLOSE_TIMEOUT,
            max_message_bytes: MAX_BYTES as usize,
            max_buffered_bytes: u64::from(MAX_BYTES),
            tls_auth: None,
            local_ip: None,
            ports: Ports::All,
            http2: false,
        }
    }

    /// Reads the argument.
    ///
    /// # Errors
    /// A `TypeError` that names the key. k6: an unknown one too.
    pub(super) fn read<'js>(
        ctx: &Ctx<'js>,
        params: Option<&Value<'js>>,
        tags: TagSet,
    ) -> rquickjs::Result<Self> {
        let mut read = Self::with_tags(tags);
        // Web IDL: an argument that the interface does not know is ignored, and this one is only
        // known as an object. k6: so are numbers and booleans.
        let Some(params) = params.and_then(Value::as_object) else { return Ok(read) };
        for key in params.own_keys::<String>(Filter::new().string().enum_only()) {
            let key = key?;
            let value: Value<'js> = params.get(key.as_str())?;
            if !value.is_undefined() && !value.is_null() {
                read.set(ctx, &key, &value)?;
            }
        }
        Ok(read)
    }

    /// Reads one of them.
    ///
    /// # Errors
    /// A `TypeError` that names the key, if it is unknown or its value is of a wrong type.
    pub(in crate::modules) fn set<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        key: &str,
        value: &Value<'js>,
    ) -> rquickjs::Result<()> {
        let flag = || value.as_bool().ok_or_else(|| wrong_type(ctx, key, "true or false", value));
        match key {
            "headers" => self.headers = headers(ctx, value)?,
            "tags" => {
                if !value.is_object() {
                    return Err(wrong_type(ctx, key, "an object", value));
                }
                let tags = self.tags.clone();
                self.tags = metrics::with_tags(ctx, tags, Some(value), "the WebSocket")?;
            }
            "compression" => self.compression = compression(ctx, value)?,
            "jar" => match value.as_object().and_then(Jar::of) {
                Some(jar) => self.jar = Some(jar),
                None => return Err(wrong_type(ctx, key, "a CookieJar of `k6/http`", value)),
            },
            "timeout" => self.timeout = duration(ctx, key, value)?,
            "closeTimeout" => self.close_timeout = duration(ctx, key, value)?,
            "maxMessageSize" => self.max_message_bytes = bytes(ctx, key, value)? as usize,
            "maxBufferedAmount" => self.max_buffered_bytes = u64::from(bytes(ctx, key, value)?),
            "tlsAuth" => self.tls_auth = Some(tls_auth(ctx, value)?),
            "localIP" => {
                let address = interop::display(value).parse();
                let address = address.map_err(|_| wrong_type(ctx, key, "an IP address", value))?;
                self.local_ip = Some(address);
            }
            "blockPorts" => {
                self.ports = if flag()? { Ports::AsBrowsers } else { Ports::All };
            }
            "http2" => self.http2 = flag()?,
            _ => return Err(unknown(ctx, &KEYS, key)),
        }
        Ok(())
    }

    /// What is asked of the network for a socket with these.
    pub(in crate::modules) fn into_request(self, network: &Network, url: Url) -> ConnectRequest {
        let mut headers = self.headers;
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            let user_agent = network.worker.shared.context.user_agent.clone();
            headers.push(("User-Agent".to_owned(), user_agent));
        }
        ConnectRequest {
            headers,
            compression: self.compression,
            handshake_timeout: self.timeout,
            close_timeout: self.close_timeout,
            max_message_size: self.max_message_bytes,
            jar: Some(self.jar.unwrap_or_else(|| network.jar())),
            tls_auth: self.tls_auth,
            local_ip: self.local_ip,
            ports: self.ports,
            ..ConnectRequest::new(url)
        }
    }
}

fn headers<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Vec<(String, String)>> {
    let Some(object) = value.as_object() else {
        return Err(wrong_type(ctx, "headers", "an object", value));
    };
    let mut headers = Vec::new();
    for pair in object.own_props::<String, Value<'js>>(Filter::new().string().enum_only()) {
        let (name, value) = pair?;
        let value = usv_string(ctx, value)?;
        if !is_token(&name) || value.contains(['\r', '\n', '\0']) {
            let message = format!("the WebSocket header {name:?} is not one that HTTP can carry");
            return Err(Exception::throw_type(ctx, &message));
        }
        headers.push((name, value));
    }
    Ok(headers)
}

/// k6: milliseconds, or a text such as `1m30s`.
fn duration(ctx: &Ctx<'_>, key: &str, value: &Value<'_>) -> rquickjs::Result<Duration> {
    let duration = match value.as_number() {
        Some(millis) if (1.0..=MAX_MILLIS).contains(&millis) => {
            Some(Duration::from_secs_f64(millis / 1000.0))
        }
        Some(_) => None,
        None => SignedDuration::parse(&interop::display(value))
            .ok()
            .map(SignedDuration::clamped)
            .filter(|duration| !duration.is_zero()),
    };
    let expected = "a number of milliseconds or a duration such as \"10s\", above zero";
    duration.ok_or_else(|| wrong_type(ctx, key, expected, value))
}

/// A year: what is longer is a mistake.
const MAX_MILLIS: f64 = 365.0 * 24.0 * 3600.0 * 1000.0;

fn bytes(ctx: &Ctx<'_>, key: &str, value: &Value<'_>) -> rquickjs::Result<u32> {
    match value.as_number() {
        Some(bytes) if bytes.fract() == 0.0 && (1.0..=2_147_483_647.0).contains(&bytes) => {
            Ok(bytes as u32)
        }
        _ => Err(wrong_type(ctx, key, "a whole number of bytes between 1 and 2 GiB", value)),
    }
}

/// `{ cert, key }`, both PEM, and the `password` of the key if it has one.
fn tls_auth(ctx: &Ctx<'_>, value: &Value<'_>) -> rquickjs::Result<ClientIdentity> {
    let Some(object) = value.as_object() else {
        return Err(wrong_type(ctx, "tlsAuth", "an object with `cert` and `key`", value));
    };
    for key in object.own_keys::<String>(Filter::new().string().enum_only()) {
        let key = key?;
        if !TLS_AUTH_KEYS.contains(&key.as_str()) {
            return Err(unknown(ctx, &TLS_AUTH_KEYS, &key));
        }
    }
    let text = |key: &str| {
        let value: Value<'_> = object.get(key)?;
        match value.as_string() {
            Some(text) => text.to_string(),
            None => Err(wrong_type(ctx, &format!("tlsAuth.{key}"), "a text in PEM", &value)),
        }
    };
    let (cert, key) = (text("cert")?, text("key")?);
    let password: Value<'_> = object.get("password")?;
    let password = match password.as_string() {
        Some(password) => Some(password.to_string()?),
        None if password.is_undefined() || password.is_null() => None,
        None => return Err(wrong_type(ctx, "tlsAuth.password", "a text", &password)),
    };
    ClientIdentity::from_pem(&cert, &key, password.as_deref()).map_err(|error| {
        Exception::throw_type(ctx, &format!("the WebSocket param `tlsAuth`: {error}"))
    })
}

const TLS_AUTH_KEYS: [&str; 3] = ["cert", "key", "password"];

/// k6: `"deflate"`. Ours: an object, whose members narrow what is offered (RFC 7692 §7.1).
fn compression<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Compression> {
    if let Some(options) = value.as_object() {
        return narrowed(ctx, options);
    }
    algorithm(ctx, value)
}

fn algorithm(ctx: &Ctx<'_>, value: &Value<'_>) -> rquickjs::Result<Compression> {
    match interop::display(value).as_str() {
        "" => Ok(Compression::None),
        "deflate" => Ok(Compression::Deflate),
        other => {
            let message =
                format!("unsupported compression algorithm {other:?}: the only one is \"deflate\"");
            Err(Exception::throw_type(ctx, &message))
        }
    }
}

const COMPRESSION_KEYS: [&str; 5] = [
    "algorithm",
    "clientNoContextTakeover",
    "serverNoContextTakeover",
    "clientMaxWindowBits",
    "serverMaxWindowBits",
];

fn narrowed<'js>(ctx: &Ctx<'js>, options: &Object<'js>) -> rquickjs::Result<Compression> {
    let mut offer = Offer::default();
    for pair in options.own_props::<String, Value<'js>>(Filter::new().string().enum_only()) {
        let (key, value) = pair?;
        if value.is_undefined() || value.is_null() {
            continue;
        }
        let flag = || value.as_bool().ok_or_else(|| wrong_type(ctx, &key, "true or false", &value));
        let bits = || {
            value
                .as_int()
                .and_then(|bits| WindowBits::new(u8::try_from(bits).ok()?))
                .ok_or_else(|| wrong_type(ctx, &key, "a whole number from 8 to 15", &value))
        };
        match key.as_str() {
            "algorithm" => drop(algorithm(ctx, &value)?),
            "clientNoContextTakeover" => offer.client_no_context_takeover = flag()?,
            "serverNoContextTakeover" => offer.server_no_context_takeover = flag()?,
            "clientMaxWindowBits" => {
                offer.client_max_window_bits = ClientMaxWindowBits::AtMost(bits()?);
            }
            "serverMaxWindowBits" => offer.server_max_window_bits = Some(bits()?),
            _ => return Err(unknown(ctx, &COMPRESSION_KEYS, &key)),
        }
    }
    Ok(Compression::Narrowed(offer))
}

/// RFC 9110 §5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn wrong_type(ctx: &Ctx<'_>, key: &str, expected: &str, value: &Value<'_>) -> rquickjs::Error {
    let message =
        format!("the WebSocket param `{key}` must be {expected}, not {}", interop::display(value));
    Exception::throw_type(ctx, &message)
}

fn unknown(ctx: &Ctx<'_>, keys: &[&str], key: &str) -> rquickjs::Error {
    let near = keys
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, key), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    let all = || keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let hint = near.map_or_else(
        || format!("the params are {}", all()),
        |(_, known)| format!("did you mean `{known}`?"),
    );
    Exception::throw_type(ctx, &format!("unknown WebSocket param `{key}`: {hint}"))
}
