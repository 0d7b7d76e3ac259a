using FlowEngine.Conditions;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector;

/// <summary>How a request's body is written.</summary>
public enum BodyType
{
    /// <summary>As JSON, the way <c>JSON.stringify</c> writes it.</summary>
    Json,

    /// <summary>As <c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary>As text.</summary>
    Text,

    /// <summary>There is none.</summary>
    None,

    /// <summary>As <c>multipart/form-data</c>, of the activity's parts.</summary>
    Multipart,

    /// <summary>As the bytes that a text in base64 stands for.</summary>
    Binary,
}

/// <summary>Whether a flow waits for the answer, and what is promised where it does not.</summary>
public enum AsyncCall
{
    /// <summary>It waits.</summary>
    [SettingOption("false", "Wait for the answer", "The flow goes on when the answer is there.")]
    No,

    /// <summary>Fire and forget.</summary>
    [SettingOption(
        "true",
        "Fire and forget",
        "The flow goes on at once. The call is made once, with its retries: when the API "
            + "stays away or the server stops, it is lost, and a metric and the log say so."
    )]
    Forget,

    /// <summary>Stored with the run, and delivered at least once.</summary>
    [SettingOption(
        "\"durable\"",
        "Deliver it, whatever happens",
        "The flow goes on at once. The call is stored with the run and delivered at least once, also "
            + "after a restart, for up to a day, always under one Idempotency-Key, which the API must know."
    )]
    Durable,
}

/// <summary>How an answer's body is read.</summary>
public enum ResponseFormat
{
    /// <summary>As JSON when its content type says so, otherwise as text.</summary>
    Auto,

    /// <summary>As JSON whatever its content type.</summary>
    Json,

    /// <summary>As text.</summary>
    Text,

    /// <summary>As bytes, in base64.</summary>
    Binary,
}

/// <summary>Bound once, then read only: the settings of GenericHttp (SPEC 7).</summary>
public sealed class GenericHttpSettings
{
    private const string TimeAndRetries = "Time and retries";
    private const string Writing = "method=POST,PUT,PATCH,DELETE,OPTIONS";

    /// <summary>The connector.</summary>
    [Setting(
        "The HTTP connector that is called.",
        Required = true,
        Editor = SettingEditors.Connector + HttpModule.ConnectorTypeName,
        Section = "Request"
    )]
    public string Connector { get; set; } = "";

    /// <summary>Where the result is put.</summary>
    [Setting(
        "Where the result is put: connectors.<contextKey>. Default the activity's id.",
        Editor = SettingEditors.ContextKey,
        Section = "Result"
    )]
    public string ContextKey { get; set; } = "";

    /// <summary>Whether the answer is a secret.</summary>
    [Setting(
        "Whether body and headers of the answer are secrets: redacted in "
            + "traces, logs and errors, whatever becomes of them. The status is shown."
    )]
    public bool Sensitive { get; set; }

    /// <summary>The method.</summary>
    [Setting("The HTTP method.", Hint = "", Choices = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], Section = "Request")]
    public string Method { get; set; } = "GET";

    /// <summary>The path behind the base URL.</summary>
    [Setting("The path behind the base URL; it may hold a query. Values are percent-encoded.", Section = "Request")]
    public Template Endpoint { get; set; } = Template.Empty;

    /// <summary>The query.</summary>
    [Setting("Query parameters, added to those of the endpoint.", Section = "Request")]
    public TemplateMap Query { get; set; } = TemplateMap.Empty;

    /// <summary>The headers.</summary>
    [Setting(
        "Headers; they replace those of the connector. A value may be a rule for what is missing, many or not ASCII.",
        Section = "Request"
    )]
    public IReadOnlyDictionary<string, HeaderRule> Headers { get; set; } = new Dictionary<string, HeaderRule>();

    /// <summary>The body.</summary>
    // A request that reads seldom has a body; one that has is shown with it, for it is sent.
    [Setting(
        "The body: JSON, or a text in which templates stand for JSON values.",
        Editor = SettingEditors.Json,
        Section = "Request",
        Order = 1,
        AskedWhen = Writing
    )]
    public Context.FlowValue Body { get; set; }

    /// <summary>How the body is written.</summary>
    [Setting(
        "How the body is written. Binary: the body is a text in base64, and its bytes are sent; multipart: the parts are the body.",
        Section = "Request",
        AskedWhen = Writing
    )]
    public BodyType BodyType { get; set; }

    /// <summary>The parts of a multipart body.</summary>
    [Setting("The parts of the body, in their order: fields and files.", Section = "Request", MaxItems = 100, When = "bodyType=multipart")]
    public IReadOnlyList<PartSettings> Parts { get; set; } = [];

    /// <summary>The time for everything: tokens, attempts and waits between them.</summary>
    [Setting(
        "The time for the whole call, retries included.",
        Minimum = 0.001,
        Maximum = 60,
        Unit = "seconds",
        Section = TimeAndRetries,
        Folded = true
    )]
    public double Timeout { get; set; } = 10;

    /// <summary>Whether the flow goes on at once, and what becomes of the call then.</summary>
    [Setting(
        "Whether the flow waits for the answer. Where it does not, the context learns nothing of it.",
        Label = "Waiting for the answer",
        Section = TimeAndRetries,
        Folded = true,
        Order = 1
    )]
    public AsyncCall Async { get; set; }

    /// <summary>
    /// When the call is tried again. All tries share <see cref="Timeout"/>: with "timeout" among the reasons, each gets an even part of
    /// what is left, or there would never be time for another.
    /// </summary>
    [Setting("When the call is tried again; not at all by default.", Section = TimeAndRetries, Folded = true)]
    public RetrySettings? Retry { get; set; }

    /// <summary>When an earlier answer is used again; null (the default) never.</summary>
    [Setting(
        "When an earlier answer to the same request is used again: the whole request, headers and tokens included.",
        Section = TimeAndRetries,
        Folded = true,
        AskedWhen = "method=GET"
    )]
    [AddsOutcomes(OutcomeSource.Given, AnswerCaching.StaleName)]
    public CacheSettings? Cache { get; set; }

    /// <summary>How it goes on to the pages behind the first; null (the default) not at all.</summary>
    [Setting(
        "Reads the pages behind the first too, within one timeout and one limit of the answer's size. The result then has items, pages and "
            + "truncated.",
        Section = "Pages",
        Folded = true,
        AskedWhen = "method=GET"
    )]
    public PageSettings? Pages { get; set; }

    /// <summary>Which statuses are successes.</summary>
    [Setting("Which status codes are successes: codes such as 404, and classes such as 2xx.", Section = "Result")]
    public IReadOnlyList<string> SuccessStatusCodes { get; set; } = ["2xx"];

    /// <summary>What must hold of an answer beside its status for it to be a success. Default nothing.</summary>
    [Setting(
        "What must hold of the answer, beside its status, for it to be a success: a rule over response.statusCode, response.headers and "
            + "response.body. Otherwise it is a Generic HTTP Error with the code http.not_success.",
        Section = "Result",
        Editor = SettingEditors.Rule,
        LocalRoots = ["response"]
    )]
    public RuleSettings? SuccessWhen { get; set; }

    /// <summary>Outcomes by name, each with the statuses and faults that lead to it. Default none.</summary>
    [Setting(
        "Outcomes of your own, each for some answers: statuses (404), ranges (502-504), classes (4xx) and faults (timeout). The most exact "
            + "wins. What none names is a success, or goes the way of its error event.",
        Section = "Result",
        Editor = SettingEditors.Outcomes,
        Suggests = [
            "4xx",
            "5xx",
            "404",
            "429",
            "502-504",
            "timeout",
            "connect",
            "dns",
            "tls",
            "token",
            "bad_response",
            "not_success",
            "page_items",
            "page_next",
            "too_large",
            "busy",
            "cooldown",
            "circuit_open",
            "disabled",
            "budget",
            "blocked",
            "signature",
            "body",
            "url_invalid",
            "header_invalid",
            "header_missing",
            "header_many",
        ]
    )]
    [AddsOutcomes(OutcomeSource.Members, "statusCode", Event = GenericHttp.HttpErrorEvent, Except = "successStatusCodes")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Outcomes { get; set; }

    /// <summary>How the answer's body is read.</summary>
    [Setting("How the answer's body is read.", Section = "Result")]
    public ResponseFormat ResponseFormat { get; set; }
}

/// <summary>Bound once, then read only: when an earlier answer is used again.</summary>
public sealed class CacheSettings
{
    /// <summary>How long an answer is used without a call.</summary>
    [Setting("How long an answer is used without another call, such as PT5M.", Required = true, Longest = "P1D", Initial = "\"PT5M\"")]
    public TimeSpan Ttl { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it stands in, after that, for a call that fails; null (the default) not at all.</summary>
    [Setting(
        "How long an answer that is older stands in for a call that fails because the API is away or busy, by the outcome Stale. Without a "
            + "connection from Stale it does not.",
        Longest = "P7D"
    )]
    public TimeSpan? StaleIfError { get; set; }
}

/// <summary>Bound once, then read only: when a call is tried again.</summary>
public sealed class RetrySettings
{
    /// <summary>How often, after the first time.</summary>
    [Setting("How often the call is tried again after the first time.", Minimum = 0, Maximum = 10, Unit = "attempts")]
    public int Attempts { get; set; } = 2;

    /// <summary>After what.</summary>
    [Setting("After what: status codes such as 429, classes such as 5xx, \"timeout\" and \"connect\".")]
    public IReadOnlyList<string> On { get; set; } = ["429", "5xx", "timeout", "connect"];

    /// <summary>Whether POST and PATCH are tried again too.</summary>
    [Setting("Whether POST and PATCH are tried again too; the API must understand the Idempotency-Key.")]
    public bool Unsafe { get; set; }
}

/// <summary>Bound once, then read only: a part of a multipart body.</summary>
public sealed class PartSettings
{
    /// <summary>The field's name.</summary>
    [Setting("The field's name.", Required = true, IsKey = true)]
    public string Name { get; set; } = "";

    /// <summary>What a field says; null where it is a file.</summary>
    [Setting("What the field says; templates may stand in it.")]
    public Template? Value { get; set; }

    /// <summary>What a file holds, in base64; null where it is a field.</summary>
    [Setting("What the file holds, in base64: usually one path. A part whose file is missing is left out.")]
    public Template? File { get; set; }

    /// <summary>What a file is called; null for nothing.</summary>
    [Setting("What the file is called; templates may stand in it.", Label = "File name")]
    public Template? Filename { get; set; }

    /// <summary>What the part is; null for <c>application/octet-stream</c> of a file, and nothing of a field.</summary>
    [Setting("What the part is, such as image/png. Not given, a file is application/octet-stream.", Label = "Content type")]
    public string? ContentType { get; set; }
}
