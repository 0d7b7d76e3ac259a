using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: a header of a request, with the rule by which a run makes its value.</summary>
/// <param name="name">The header's name.</param>
/// <param name="rule">The rule.</param>
internal sealed class HeaderPlan(string name, HeaderRule rule)
{
    private const string Separator = ", ";

    /// <summary>Whether something else is said for what is missing than that it is empty.</summary>
    private readonly bool _standsIn = rule.WhenMissing.Then != MissingHeader.Empty || rule.WhenMissing.Use is not null;

    public string Name => name;

    public Template Template => rule.Value;

    /// <summary>Makes the value.</summary>
    /// <param name="context">The run's.</param>
    /// <param name="value">A text; an array of texts for a header each; missing for a header that is left out.</param>
    /// <returns>Null, or why nothing may be sent.</returns>
    public HttpFault? Evaluate(ReadContext context, out FlowValue value)
    {
        ReadContext quiet = _standsIn ? new QuietContext(context) : context;
        if (rule.Value.IsSingleExpression)
        {
            var given = rule.Value.Parts[0].Expression!.Evaluate(quiet);
            var isSensitive = given.ContainsSensitive();
            if (given.TryGetArray(out var items))
                return Many(items, isSensitive, context, out value);
            return given.IsNothing ? Missing("", isSensitive: false, context, out value) : Text(given.ToText(), isSensitive, out value);
        }
        var text = Fill(quiet, out var lacks, out var isSecret);
        return lacks ? Missing(text, isSecret, context, out value) : Text(text, isSecret, out value);
    }

    private string Fill(ReadContext context, out bool lacks, out bool isSensitive)
    {
        (lacks, isSensitive) = (false, false);
        if (rule.Value.IsLiteral)
            return rule.Value.LiteralText;
        var text = new StringBuilder();
        foreach (ref readonly var part in rule.Value.Parts)
        {
            var value = part.Expression?.Evaluate(context) ?? FlowValue.From(part.Literal);
            lacks |= value.IsNothing;
            isSensitive |= value.ContainsSensitive();
            text.Append(value.ToText());
        }
        return text.ToString();
    }

    private HttpFault? Missing(string text, bool isSensitive, ReadContext context, out FlowValue value)
    {
        value = FlowValue.Missing;
        if (rule.WhenMissing.Use is { } use)
        {
            var instead = use.EvaluateText(context, ValueEncoder.None);
            return Text(instead.ToText(), instead.IsSensitive, out value);
        }
        switch (rule.WhenMissing.Then)
        {
            case MissingHeader.Omit:
                return null;
            case MissingHeader.Fail:
                return new HttpFault(
                    HttpFaultCodes.HeaderMissing,
                    $"The header '{name}' has no value: a path in '{rule.Value.Source}' leads to nothing. Nothing was sent."
                );
            default:
                return Text(text, isSensitive, out value);
        }
    }

    private HttpFault? Many(FlowArray items, bool isSensitive, ReadContext context, out FlowValue value)
    {
        var texts = new List<string>(items.Count);
        foreach (ref readonly var item in items.AsSpan())
        {
            if (!item.IsNothing)
                texts.Add(item.ToText());
        }
        value = FlowValue.Missing;
        if (texts.Count == 0)
            return Missing("", isSensitive: false, context, out value);
        if (texts.Count > 1 && rule.WhenMany == ManyHeaders.Fail)
            return new HttpFault(
                HttpFaultCodes.HeaderMany,
                $"The header '{name}' has {texts.Count} values, where the flow allows one. Nothing was sent."
            );
        if (texts.Count == 1 || rule.WhenMany == ManyHeaders.First)
            return Text(texts[0], isSensitive, out value);

        for (var i = 0; i < texts.Count; i++)
        {
            texts[i] = Encode(texts[i]);
            if (RequestHeaders.Check(name, texts[i]) is { } invalid)
                return invalid;
        }
        value = (
            rule.WhenMany == ManyHeaders.Repeat ? FlowValue.Texts(texts) : FlowValue.From(string.Join(Separator, texts))
        ).WithSensitive(isSensitive);
        return null;
    }

    private HttpFault? Text(string text, bool isSensitive, out FlowValue value)
    {
        text = Encode(text);
        value = FlowValue.From(text).WithSensitive(isSensitive);
        return RequestHeaders.Check(name, text);
    }

    private string Encode(string text) =>
        rule.Encode switch
        {
            _ when text.Length == 0 => text,
            HeaderEncoding.Ascii => ToAscii(text),
            HeaderEncoding.Percent => Uri.EscapeDataString(text),
            HeaderEncoding.Base64 => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            HeaderEncoding.Rfc8187 => "UTF-8''" + Uri.EscapeDataString(text),
            _ => text,
        };

    /// <summary>Nothing that only looks like a letter of ASCII becomes one: a name must not become another's.</summary>
    private static string ToAscii(string text)
    {
        if (System.Text.Ascii.IsValid(text))
            return text;
        var ascii = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            ascii.Append(rune.IsAscii ? (char)rune.Value : '?');
        return ascii.ToString();
    }
}
