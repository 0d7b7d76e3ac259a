using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: what <c>connector test</c> found out, for people. What it is given has no secrets any more.</summary>
internal static class ConnectorTestReport
{
    private static readonly (string Member, string Name)[] Phases =
    [
        ("dnsMs", "DNS"),
        ("connectMs", "connect"),
        ("tlsMs", "TLS"),
        ("firstByteMs", "first byte"),
    ];

    /// <summary>Writes the result of a connector of any type: what it has of request, answer, context, database, problems and
    /// error.</summary>
    public static void Write(TextWriter output, FlowValue result)
    {
        if (result.Get("token") is { IsNothing: false } token)
            output.WriteLine(
                $"{token.Get("method").ToText()} {token.Get("url").ToText()} for a token: {Milliseconds(token.Get("milliseconds"))}"
            );
        if (result.Get("request") is { IsNothing: false } request)
            WriteMessage(output, $"{request.Get("method").ToText()} {request.Get("url").ToText()}", request);
        if (result.Get("signature") is { IsNothing: false } signature)
            output.WriteLine($"Signed: {signature.Get("header").ToText()}: {signature.Get("value").ToText()}\n");
        if (result.Get("messageSignature") is { IsNothing: false } message)
            WriteBase(output, message);
        if (result.Get("received").TryGetObject(out var received))
        {
            foreach (var (kind, finding) in received)
                WriteFinding(output, kind == "hmac" ? "HMAC" : "Message signature", finding);
        }
        if (result.Get("tls") is { IsNothing: false } tls)
            WriteTls(output, tls);
        if (result.Get("response") is { IsNothing: false } response)
            WriteMessage(output, $"{response.Get("statusCode").ToText()}{Took(result.Get("timings"))}", response);
        if (result.Get("response") is { IsNothing: false } && result.Get("context") is { IsNothing: false } context)
            output.WriteLine($"The context would hold, at connectors.<contextKey>:\n{JsonIndenting.ToText(context).TrimEnd()}\n");
        if (result.Get("serverVersion").TryGetText(out var version))
            output.WriteLine($"Connected: {result.Get("engine").ToText()} {version}, in {Milliseconds(result.Get("milliseconds"))}.");
        else if (
            result.Get("ok") == FlowValue.True
            && result.Get("request").IsNothing
            && received is null
            && result.TryGetObject(out var found)
        )
        {
            // Of a type that is not FlowEngine's own: whatever it says.
            var facts = found
                .Where(fact => fact.Key != "ok" && fact.Value.Kind is not (FlowValueKind.Array or FlowValueKind.Object))
                .Select(fact => $" {fact.Key}: {fact.Value.ToText()}");
            output.WriteLine($"Connected.{string.Concat(facts)}");
        }
        foreach (var warning in Items(result.Get("warnings")))
            output.WriteLine($"warning: {warning.ToText()}");
        foreach (var problem in Items(result.Get("problems")))
        {
            output.WriteLine(
                $"{problem.Get("severity").ToText()} {problem.Get("code").ToText()} "
                    + $"{problem.Get("file").ToText()}#{problem.Get("pointer").ToText()}"
            );
            output.WriteLine($"    {problem.Get("message").ToText()} {problem.Get("advice").ToText()}");
        }
        if (result.Get("error") is { IsNothing: false } error)
            output.WriteLine(
                $"error {error.Get("code").ToText()}: {ErrorAdvice.Beside(error.Get("code").ToText(), error.Get("message").ToText())}"
            );
    }

    /// <summary>Which key signed a request that was received, and where it differs from what was signed.</summary>
    private static void WriteFinding(TextWriter output, string kind, FlowValue finding)
    {
        var key = finding.Get("key");
        output.WriteLine(
            finding.Get("verifies") == FlowValue.True ? $"{kind}: the key {key.ToText()} verifies it."
            : key.IsNothing ? $"{kind}: no key of the connector verifies it."
            : $"{kind}: the key {key.ToText()} signed it, but it is not what was signed."
        );
        if (finding.Get("reason").TryGetText(out var reason))
            output.WriteLine($"    {reason}");
        if (finding.Get("difference") is { IsNothing: false } difference)
        {
            var element = difference.Get("element") is { IsNothing: false } named ? $" ({named.ToText()})" : "";
            output.WriteLine(
                $"    The first difference is in line {difference.Get("line").ToText()}, at byte {difference.Get("byte").ToText()}{element}."
            );
            output.WriteLine($"    Signed:   {difference.Get("sent").ToText()}");
            output.WriteLine($"    Received: {difference.Get("received").ToText()}");
        }
        foreach (var note in Items(finding.Get("notes")))
            output.WriteLine($"    {note.ToText()}");
        output.WriteLine();
    }

    private static void WriteTls(TextWriter output, FlowValue tls)
    {
        output.WriteLine($"TLS, trusting {tls.Get("trusts").ToText()}:");
        foreach (var certificate in Items(tls.Get("chain")))
            output.WriteLine($"    {Certificate(certificate)}");
        foreach (var problem in Items(tls.Get("problems")))
            output.WriteLine($"    {problem.ToText()}");
        if (tls.Get("client") is { IsNothing: false } client)
            output.WriteLine($"    shown: {Certificate(client)}");
        output.WriteLine();
    }

    private static string Certificate(FlowValue certificate) =>
        $"{certificate.Get("subject").ToText()}, by {certificate.Get("issuer").ToText()}, until {certificate.Get("notAfter").ToText()} "
        + $"({certificate.Get("daysLeft").ToText()} days)";

    private static void WriteBase(TextWriter output, FlowValue message)
    {
        output.WriteLine($"Message signature '{message.Get("label").ToText()}' ({message.Get("algorithm").ToText()}) over:");
        foreach (var line in Items(message.Get("base")))
            output.WriteLine($"    {line.ToText()}");
        if (message.Get("publicKey").TryGetText(out var key))
            output.WriteLine($"It is verified by:\n{key}");
        output.WriteLine();
    }

    private static void WriteMessage(TextWriter output, string first, FlowValue message)
    {
        output.WriteLine(first);
        if (message.Get("headers").TryGetObject(out var headers))
        {
            foreach (var (name, value) in headers)
                output.WriteLine($"    {name}: {value.ToText()}");
        }
        if (message.Get("body").TryGetText(out var body) && body.Length > 0)
            output.WriteLine($"\n{body}");
        output.WriteLine();
    }

    private static string Took(FlowValue timings)
    {
        if (timings.IsNothing)
            return "";
        var phases = Phases
            .Where(phase => !timings.Get(phase.Member).IsNothing)
            .Select(phase => $"{phase.Name} {Milliseconds(timings.Get(phase.Member))}");
        return $", in {Milliseconds(timings.Get("totalMs"))} ({string.Join(", ", phases)})";
    }

    private static FlowArray Items(FlowValue list) => list.TryGetArray(out var items) ? items : FlowArray.Empty;

    private static string Milliseconds(FlowValue value) =>
        value.TryGetDouble(out var number) ? number.ToString("0.0", CultureInfo.InvariantCulture) + " ms" : "";
}
