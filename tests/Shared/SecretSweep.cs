using System.Text;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Tests;

/// <summary>
/// Every run and every program that the tests start passes through here: what it shows (trace, context, failure, messages) must hold none
/// of its secrets, in plain, base64 at any offset, URL-encoded or escaped. It finds them in its own way, not with the product's redactor.
/// </summary>
internal static class SecretSweep
{
    private const int MinLength = 6;

    /// <summary>Sweeps what a run shows; its secrets are those of its connectors and whatever its context marks as sensitive.</summary>
    public static FlowRun Checked(FlowRun run, IEnumerable<string>? connectorSecrets = null)
    {
        var secrets = new HashSet<string>(connectorSecrets ?? []);
        Collect(run.Context.Snapshot(), false, secrets);
        if (secrets.Count == 0)
            return run;

        var redactor = run.RedactorFor(connectorSecrets ?? []);
        var shown = new StringBuilder()
            .AppendLine(TraceWriter.ToValue(run.Trace ?? [], redactor).ToJson())
            .AppendLine(redactor.Redact(run.Context.Snapshot()).ToJson())
            .AppendLine(run.Failure?.Message)
            .AppendLine(run.ErrorText)
            .AppendLine(run.Context.Get(ContextRoot.Error).Get("message").ToText());
        AssertNone(shown.ToString(), secrets);
        return run;
    }

    /// <summary>Fails when one of the secrets stands in the text in any form.</summary>
    public static void AssertNone(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length >= MinLength))
        {
            foreach (var form in Forms(secret))
                Assert.False(
                    text.Contains(form, StringComparison.Ordinal),
                    $"A secret of {secret.Length} characters is shown as '{form[..3]}…'."
                );
        }
    }

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        yield return FlowValue.From(secret).ToJson()[1..^1];

        // Base64 of a text that holds the secret depends on the secret's offset
        // modulo 3; the characters at its edges depend on the neighbours too.
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var offset = 0; offset < 3; offset++)
        {
            var first = (3 - offset) % 3;
            var whole = bytes.AsSpan(Math.Min(first, bytes.Length));
            whole = whole[..(whole.Length / 3 * 3)];
            if (whole.Length < MinLength)
                continue;
            var base64 = Convert.ToBase64String(whole);
            yield return base64;
            yield return base64.Replace('+', '-').Replace('/', '_');
        }
    }

    private static void Collect(FlowValue value, bool sensitive, HashSet<string> secrets)
    {
        sensitive |= value.IsSensitive;
        if (sensitive && value.TryGetText(out var text))
            secrets.Add(text);
        if (value.TryGetArray(out var array))
        {
            foreach (var item in array)
                Collect(item, sensitive, secrets);
        }
        if (value.TryGetObject(out var obj))
        {
            foreach (var (_, member) in obj)
                Collect(member, sensitive, secrets);
        }
    }
}
