using System.Text.Json;
using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Maps Elsa's HTTP activities to GenericHttp: the expected status codes are its successes, any other answer is its
/// <c>Generic HTTP Error</c>, and no answer is its <c>Connector Execution</c>. Stateless.
/// </summary>
internal static class ElsaHttpRequest
{
    private const string Answered = ElsaNames.Success;
    private const string HttpError = "Generic HTTP Error";
    private const string NoAnswer = "Connector Execution";
    private const string Unmatched = "Unmatched status code";
    private const string FailedToConnect = "Failed to connect";
    private const string TimedOut = "Timeout";

    /// <summary>Elsa's inputs and outputs that are mapped.</summary>
    private static readonly string[] Mapped =
    [
        "url",
        "method",
        "content",
        "contentType",
        "authorization",
        "requestHeaders",
        "headers",
        "expectedStatusCodes",
        "statusCode",
        "parsedContent",
        "responseHeaders",
    ];

    /// <summary>Members of every activity, and settings whose absence changes nothing.</summary>
    private static readonly string[] Known =
    [
        "id",
        "nodeId",
        "name",
        "type",
        "version",
        "customProperties",
        "metadata",
        "disableAuthorizationHeaderValidation",
        "enableResiliency",
    ];

    public static bool IsType(string type) => type is "Elsa.FlowSendHttpRequest" or "Elsa.SendHttpRequest";

    /// <summary>Whether a port is the one by which the activity leads on after each answer that is a success, if no other is
    /// connected.</summary>
    public static bool SucceedsBy(FlowValue node, string port) =>
        port == ElsaChart.DefaultPort || Codes(ElsaInput.Written(node.Get("expectedStatusCodes"))) is [var code] && port == code;

    /// <summary>The variables that the outputs are bound to stand for the result in the context.</summary>
    public static void BindOutputs(FlowValue node, ElsaVariables variables)
    {
        var result = "connectors." + ContextKey(node.Get("id").ToText());
        variables.Bind(node.Get("parsedContent"), result + ".body");
        variables.Bind(node.Get("statusCode"), result + ".statusCode");
        variables.Bind(node.Get("responseHeaders"), result + ".headers");
    }

    /// <summary>Maps the activity.</summary>
    /// <returns>False, with the problem reported, when its URL has no fixed
    /// origin or it holds activities of its own: it is kept as it is.</returns>
    public static bool TryRead(ElsaReading reading, FlowValue node, string id, string origin)
    {
        if (!TryReadUrl(reading, node, id, origin, out var baseUrl, out var endpoint) || HoldsActivities(reading, node, id, origin))
            return false;

        var settings = new FlowObjectBuilder(16);
        settings.Set("id", FlowValue.From(id));
        settings.Set("type", FlowValue.From("GenericHttp"));
        settings.Set("connector", FlowValue.From(Connector(reading, baseUrl, id, origin)));
        settings.Set("contextKey", FlowValue.From(ContextKey(id)));
        settings.Set("method", FlowValue.From(Method(reading, node, origin)));
        settings.Set("endpoint", FlowValue.From(endpoint));
        var failed = new List<string>();
        ReadContent(reading, node, origin, settings, failed);
        MapOutcomes(reading, node, id, origin, settings);
        ReportOthers(reading, node, id, origin);
        settings.Set("metadata", ElsaActivityReader.Remainder(node, [.. Mapped.Except(failed)]));

        var pointer = reading.Add(FlowValue.From(settings.Build()), origin, isWhole: true);
        foreach (
            var (setting, input) in new[]
            {
                ("connector", "url"),
                ("endpoint", "url"),
                ("method", "method"),
                ("body", "content"),
                ("headers", "requestHeaders"),
            }
        )
        {
            if (!node.Get(input).IsMissing)
                reading.Map($"{pointer}/{setting}", $"{origin}/{input}", isWhole: true);
        }
        return true;
    }

    public static string ContextKey(string id) => new([.. id.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '-')]);

    private static bool TryReadUrl(ElsaReading reading, FlowValue node, string id, string origin, out string baseUrl, out string endpoint)
    {
        (baseUrl, endpoint) = ("", "");
        var place = origin + "/url";
        if (!ElsaInput.TryRead(reading, node.Get("url"), isOurs: false, place, out var url))
            return false;

        var text = url.ToText();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var end = scheme < 0 ? -1 : text.AsSpan(scheme + 3).IndexOfAny('/', '?', '#');
        var front = end < 0 ? text : text[..(scheme + 3 + end)];
        if (
            Uri.TryCreate(front, UriKind.Absolute, out var parsed)
            && parsed.Scheme is "http" or "https"
            && parsed.UserInfo.Length == 0
            && !front.Contains("{{", StringComparison.Ordinal)
        )
        {
            baseUrl = front;
            endpoint = end < 0 ? "" : text[front.Length..];
            return true;
        }
        reading.Error(
            ElsaErrors.Activity,
            place,
            $"The URL '{ElsaInput.Shorten(text)}' of '{id}' does not begin with a fixed http or https origin, which a connector needs.",
            "Write the origin as fixed text; the path and query may hold values."
        );
        return false;
    }

    /// <summary>SendHttpRequest may hold an activity for each status code, which has no place in a flow.</summary>
    private static bool HoldsActivities(ElsaReading reading, FlowValue node, string id, string origin)
    {
        if (node.Get("type").ToText() != "Elsa.SendHttpRequest")
            return false;

        string[] holders = ["unmatchedStatusCode", "failedToConnect", "timeout"];
        var holds =
            Array.Exists(holders, name => node.Get(name).Kind == FlowValueKind.Object)
            || ElsaChart.Elements(node.Get("expectedStatusCodes")).Any(code => code.Get("activity").Kind == FlowValueKind.Object);
        if (holds)
            reading.Error(
                ElsaErrors.Activity,
                origin,
                $"The activity '{id}' of type 'Elsa.SendHttpRequest' holds other activities, which has no equal here.",
                "Use Elsa.FlowSendHttpRequest and connect its outcomes."
            );
        return holds;
    }

    /// <summary>The connector of an origin; the first activity that needs it says which file to create.</summary>
    private static string Connector(ElsaReading reading, string baseUrl, string id, string origin)
    {
        var uri = new Uri(baseUrl);
        var name = new string([
            .. (uri.Scheme == "http" ? "http-" : "")
                .Concat(uri.Authority)
                .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-'),
        ]);
        name = name.Trim('-', '.');
        if (name.Length > 100)
            name = name[..100];
        if (reading.IsNewConnector(name))
        {
            var file = FlowValue.Object(
                ("id", FlowValue.From(name)),
                ("type", FlowValue.From("http")),
                ("name", FlowValue.From(uri.Authority)),
                ("configuration", FlowValue.Object(("baseUrl", FlowValue.From(baseUrl)), ("followRedirects", FlowValue.True)))
            );
            reading.Warning(
                ElsaErrors.Connector,
                origin + "/url",
                $"'{id}' calls {baseUrl} through the connector '{name}'. Elsa follows redirects; a connector does when it says so.",
                $"Unless it is there, create connectors/{name}.connector.json with: {file.ToJson()}"
            );
        }
        return name;
    }

    private static string Method(ElsaReading reading, FlowValue node, string origin)
    {
        if (!ElsaInput.TryRead(reading, node.Get("method"), isOurs: false, origin + "/method", out var method) || method.IsNothing)
            return "GET";
        if (!method.ToText().Contains("{{", StringComparison.Ordinal))
            return method.ToText().ToUpperInvariant();
        reading.Error(
            ElsaErrors.Expression,
            origin + "/method",
            "The method depends on a value; here it is fixed.",
            "Use one activity for each method."
        );
        return "GET";
    }

    private static void ReadContent(ElsaReading reading, FlowValue node, string origin, FlowObjectBuilder settings, List<string> failed)
    {
        var headers = new FlowObjectBuilder();
        foreach (var name in new[] { "requestHeaders", "headers" })
        {
            if (!Read(name, out var given) || given.IsNothing)
                continue;
            if (given.TryGetObject(out var byName))
            {
                foreach (var (header, value) in byName)
                    headers.Set(
                        header,
                        value.TryGetArray(out var values) ? FlowValue.From(string.Join(", ", values.Select(item => item.ToText()))) : value
                    );
            }
            else
            {
                failed.Add(name);
                reading.Error(ElsaErrors.Expression, $"{origin}/{name}", "The headers are not an object.", "Write an object of texts.");
            }
        }
        if (Read("authorization", out var authorization) && authorization.ToText().Length > 0)
            headers.Set("authorization", authorization);

        Read("contentType", out var contentType);
        if (Read("content", out var content) && content.ToText().Length > 0)
        {
            var type = contentType.ToText();
            var (bodyType, body) = type switch
            {
                "application/x-www-form-urlencoded" when content.Kind == FlowValueKind.Object => ("form", content),
                "" or "application/json" => ("json", AsJson(content)),
                _ => ("text", FlowValue.From(content.ToText())),
            };
            settings.Set("body", body);
            settings.Set("bodyType", FlowValue.From(bodyType));
            if (bodyType == "text")
                headers.Set("content-type", contentType);
        }
        if (headers.Count > 0)
            settings.Set("headers", FlowValue.From(headers.Build()));

        bool Read(string name, out FlowValue value)
        {
            if (ElsaInput.TryRead(reading, node.Get(name), isOurs: false, $"{origin}/{name}", out value))
                return true;
            value = FlowValue.Missing;
            failed.Add(name);
            return false;
        }
    }

    /// <summary>A text that is JSON already must not be written as a JSON string once more.</summary>
    private static FlowValue AsJson(FlowValue content)
    {
        if (!content.TryGetText(out var text) || text.Contains("{{", StringComparison.Ordinal))
            return content;
        try
        {
            return FlowValue.Parse(text);
        }
        catch (JsonException)
        {
            return content;
        }
    }

    private static void MapOutcomes(ElsaReading reading, FlowValue node, string id, string origin, FlowObjectBuilder settings)
    {
        var ports = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var handling = new FlowObjectBuilder();
        ElsaInput.TryRead(reading, node.Get("expectedStatusCodes"), isOurs: false, origin + "/expectedStatusCodes", out var expected);
        var codes = Codes(expected);

        // Elsa may write expected codes though only Done is connected: then every answer is a success.
        var isUnmatchedPossible = codes.Exists(code => reading.IsConnected(id, code)) || reading.IsConnected(id, Unmatched);
        if (codes.Count == 0 || !isUnmatchedPossible)
        {
            isUnmatchedPossible = false;
            settings.Set("successStatusCodes", FlowValue.Texts(["1xx", "2xx", "3xx", "4xx", "5xx"]));
            ports[ElsaChart.DefaultPort] = (id, Answered);
            reading.MayEnd(id, Answered, origin);
        }
        else
        {
            settings.Set("successStatusCodes", FlowValue.Texts(codes));
            if (codes.Count == 1)
            {
                ports[codes[0]] = (id, Answered);
                reading.MayEnd(id, Answered, origin);
            }
            else
            {
                var byStatus = AddCondition(
                    reading,
                    id + "-status",
                    codes,
                    code =>
                        Rule(
                            $"connectors{ElsaVariables.Member(ContextKey(id))}.statusCode",
                            FlowValue.From(long.Parse(code, System.Globalization.CultureInfo.InvariantCulture))
                        ),
                    origin
                );
                reading.AddConnection(id, Answered, byStatus, origin);
                foreach (var code in codes)
                {
                    ports[code] = (byStatus, code);
                    reading.MayEnd(byStatus, code, origin);
                }
            }
            if (reading.IsConnected(id, Unmatched))
            {
                ports[Unmatched] = (id, HttpError);
                handling.Set(HttpError, FlowValue.From("custom"));
            }
        }
        MapFailures(reading, id, origin, ports, handling);
        ReportSilentEnds(reading, id, origin, isUnmatchedPossible);

        if (handling.Count > 0)
            settings.Set("errorHandling", FlowValue.From(handling.Build()));
        reading.SetPorts(id, ports);
    }

    private static List<string> Codes(FlowValue expected) =>
        ElsaChart
            .Elements(expected)
            .Select(code => code.Kind == FlowValueKind.Object ? code.Get("statusCode") : code)
            .Where(code => code.TryGetInteger(out var status) && status is >= 100 and <= 599)
            .Select(code => code.ToText())
            .Distinct(StringComparer.Ordinal)
            .ToList();

    private static void MapFailures(
        ElsaReading reading,
        string id,
        string origin,
        Dictionary<string, (string, string)> ports,
        FlowObjectBuilder handling
    )
    {
        var connected = Array.FindAll([TimedOut, FailedToConnect], port => reading.IsConnected(id, port));
        if (connected.Length == 0)
            return;

        // Whatever else went wrong, an answer that is no JSON for one, fails the run as it fails Elsa's.
        handling.Set(NoAnswer, FlowValue.From("custom"));
        var byFault = AddCondition(
            reading,
            id + "-fault",
            [.. connected],
            port => port == TimedOut ? Rule("error.code", FlowValue.From("http.timeout")) : ConnectRule,
            origin
        );
        reading.AddConnection(id, NoAnswer, byFault, origin);
        foreach (var port in connected)
            ports[port] = (byFault, port);
    }

    /// <summary>Says which outcomes end Elsa's flow without a word, because nothing is connected to them.</summary>
    private static void ReportSilentEnds(ElsaReading reading, string id, string origin, bool isUnmatchedPossible)
    {
        var open = new[] { Unmatched, FailedToConnect, TimedOut }.Where(port =>
            (port != Unmatched || isUnmatchedPossible) && !reading.IsConnected(id, port)
        );
        if (string.Join("', '", open) is { Length: > 0 } ports)
            reading.Warning(
                ElsaErrors.SilentEnd,
                origin,
                $"When '{id}' is left by '{ports}', Elsa's flow ends there, or a sequence goes on, as if all was well; here the run fails."
            );
    }

    private static string AddCondition(
        ElsaReading reading,
        string wantedId,
        List<string> outcomes,
        Func<string, FlowValue> rule,
        string origin
    )
    {
        var id = reading.NewId(wantedId);
        var branches = outcomes.Select(outcome =>
            FlowValue.Object(("outcome", FlowValue.From(outcome)), ("rules", FlowValue.From(FlowArray.Of(rule(outcome)))))
        );
        reading.Add(
            FlowValue.Object(("id", FlowValue.From(id)), ("type", FlowValue.From("Condition")), ("branches", FlowValue.Array(branches))),
            origin,
            isWhole: true
        );
        return id;
    }

    /// <summary>What keeps a call from being made, or an answer from coming, as Elsa sees it.</summary>
    private static FlowValue ConnectRule { get; } =
        FlowValue.Object(
            ("key", FlowValue.From("error.code")),
            ("operator", FlowValue.From("in")),
            ("value", FlowValue.Texts(["http.dns", "http.connect", "http.tls"]))
        );

    private static FlowValue Rule(string key, FlowValue value) =>
        FlowValue.Object(("key", FlowValue.From(key)), ("operator", FlowValue.From("equal")), ("value", value));

    private static void ReportOthers(ElsaReading reading, FlowValue node, string id, string origin)
    {
        node.TryGetObject(out var members);
        foreach (var (name, value) in members!)
        {
            if (!value.IsNothing && !Mapped.Contains(name) && !Known.Contains(name))
                reading.Warning(ElsaErrors.Setting, JsonPointer.At(origin, name), $"The setting '{name}' of '{id}' is not mapped.");
        }
    }
}
