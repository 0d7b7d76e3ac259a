namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: a setting of the operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">What counts when it is not given, in Markdown.</param>
/// <param name="Meaning">What it does, in Markdown.</param>
internal sealed record KnownSetting(string Name, string Default, string Meaning);

/// <summary>Shared and immutable: every setting that there is. The start warns of any other
/// name, and docs/operations.md lists these; tests hold both against the code.</summary>
internal static class SettingCatalogue
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<KnownSetting> All { get; } =
    [
        new(
            "ProjectId",
            "`default`",
            "The project: part of the issuer, the audience of tokens, and what clients send before a key or token."
        ),
        new(
            "Tokens:Issuer",
            "the first of `--urls` and the project id",
            "`iss` of tokens: the server's public URL and the project id, as in `https://login.example.com/default`."
        ),
        new(
            "Tokens:SigningKey",
            "a new one for each `run`",
            "For the command `run` alone: the private key that signs its tokens: PEM, `env:NAME` or `file:PATH`. `serve` keeps keys of its own."
        ),
        new(
            "Management:Key",
            "made at the first start",
            "The management key, at least 32 characters. The one that is made stands in `management.key` of the data folder."
        ),
        new(
            "Storage:RootKey",
            "made at the first start",
            "What encrypts everything that is stored encrypted: at least 32 characters, `env:NAME` or `file:PATH`. The one that is made stands in `root.key` of the data folder. A cluster needs it given."
        ),
        new(
            "Storage:CheckEvery",
            "`P1D`",
            "How often the whole embedded database is looked through for damage beside all that is done with it, an ISO 8601 duration of at most 45 days."
        ),
        new(
            "Cluster:Address",
            "`127.0.0.1` where all of `--urls` are loopback, else the machine's address",
            "Where the other nodes of a cluster reach this one: an address of this machine, or its name."
        ),
        new("Cluster:Port", "a free one on the loopback address, else 11111", "The port for the other nodes."),
        new(
            "Shutdown:Delay",
            "`PT3S` in a cluster, else none",
            "How long `/readyz` says 503 before the server takes no more requests, at most 8 s."
        ),
        new("Trace:Retention", "`P30D`", "How long traces are kept, an ISO 8601 duration."),
        new(
            "Trace:MaxBytes",
            "10737418240",
            "How many bytes all stored traces may have together; beyond that the oldest are removed. 0 is no limit."
        ),
        new("Runs:UnstartedRetention", "`PT30M`", "How long a run is kept that never got past its first screen, an ISO 8601 duration."),
        new(
            "Calls:MaxPerConnector",
            "10000",
            "How many calls with `\"async\": \"durable\"` may wait for one connector; the next ones fail with `http.queue`. Each node counts every few seconds."
        ),
        new("Calls:MaxTotal", "100000", "How many of them may wait in all."),
        new("Calls:MaxTotalBytes", "1073741824", "How many bytes they may have together."),
        new("Calls:MaxBytes", "262144", "How large one of them may be, in bytes."),
        new("Calls:GiveUpAfter", "`P1D`", "For how long such a call is delivered again before it is given up, an ISO 8601 duration."),
        new(
            "Calls:Retention",
            "`P7D`",
            "How long a call that was given up is kept, an ISO 8601 duration: somebody may have it delivered again."
        ),
        new(
            "Proxies:Known",
            "none",
            "Addresses and networks of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."
        ),
        new(
            "Proxies:Prefixes",
            "none",
            "Paths that such a proxy takes off before it passes a request on, such as `/auth`; its `X-Forwarded-Prefix` is believed when it names one of them."
        ),
        new(
            "RateLimits:StartsPerMinute",
            "300",
            "How many runs one client address (of IPv6: one /64) may start a minute, on each node. 0 is no limit."
        ),
        new("RateLimits:SubmitsPerMinute", "600", "How many screens it may submit."),
        new("RateLimits:TokensPerMinute", "600", "How many refreshes, logouts and code exchanges it may ask for."),
        new("RateLimits:PagesPerMinute", "1200", "How often it may look at the page of a login."),
        new("RateLimits:ManagementPerMinute", "60000", "How many requests it may make to `/api` and `/v1/mgmt`."),
        new(
            "RateLimits:OthersPerMinute",
            "12000",
            "How often it may ask for anything else: files of screens and console, public keys, health, addresses that do not exist."
        ),
        new("Cors:Origins", "none", "The origins whose pages may call the API, such as `https://app.example.com`."),
        new("Api:MaxRequestBytes", "262144", "How large the body of a request may be, in bytes."),
        new(
            "Api:MaxAnonymousBytes",
            "16384",
            "How large the body of a request may be whose sender is not known, in bytes: starts, submissions, forms, tokens, signing in."
        ),
        new(
            "Server:Path",
            "`/`",
            "The path that everything is served under, such as `/auth`, where a reverse proxy keeps the path that it is asked for."
        ),
        new("Server:MaxConnections", "10000", "How many connections a node takes at once."),
        new(
            "Server:MaxConnectionsPerNetwork",
            "500",
            "How many of them one network (a /24, of IPv6 a /48) may hold; known proxies may hold any number. 0 is no limit."
        ),
        new("Server:MaxHeaderBytes", "32768", "How large the headers of a request may be together, in bytes."),
        new("Screens:DefaultLocale", "`en`", "The language of screen texts without a translation."),
        new("Screens:Stylesheet", "none", "A style sheet of your own for the hosted screens."),
        new("Screens:FrameAncestors", "none", "The origins whose pages may show hosted screens in a frame."),
        new("Console:Folder", "the one in the program", "A folder with a built console, in the place of the program's own."),
        new(
            "Egress:AllowPrivateNetworks",
            "`false`; `true` with `--demo` and in the `Development` environment",
            "Whether connectors may call private and loopback addresses. Link-local and cloud metadata addresses are always refused."
        ),
        new("Egress:StaticIps", "none", "Source addresses for connectors with `useStaticIps`, used in turn."),
        new("Egress:Proxies", "none", "HTTP CONNECT or SOCKS5 proxies for them."),
        new(
            "Egress:Databases",
            "none",
            "Database servers that connectors may reach although their addresses are private, each as `host:port`: `db.internal:5432`, `*.db.internal:5432`, `10.1.0.0/16:5432`, "
                + "`/run/postgresql:5432`; the port may be `*`. A SQL Server must always be listed, unless private networks are allowed."
        ),
        new(
            "Connectors:SqliteFolders",
            "none; with `--demo` the demo's own",
            "Folders below which connectors that were saved in the console or through the API may open SQLite files. Those of the folder of connectors open any; none opens one of the data folder."
        ),
        new("Http:MaxResponseBodyBytes", "5242880", "How large an answer to a connector may be, in bytes."),
        new("Http:MaxRequestBodyBytes", "5242880", "How large a connector's request may be, in bytes."),
        new("Http:MaxResponseHeadersKiB", "64", "How large the headers of an answer to a connector may be, in KiB."),
        new(
            "Telemetry:Otlp",
            "none",
            "The OpenTelemetry collector that gets spans and metrics, such as `http://127.0.0.1:4318`. OpenTelemetry's own variables (`OTEL_…`) work too."
        ),
        new("Logging:Format", "`text` at a terminal, else `json`", "How the log is written."),
    ];
}
