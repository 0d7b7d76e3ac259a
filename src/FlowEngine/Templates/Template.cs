using System.Runtime.CompilerServices;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: a part of a template, literal text or an expression.</summary>
/// <param name="Literal">The text, or null for an expression.</param>
/// <param name="Expression">The expression, or null for literal text.</param>
public readonly record struct TemplatePart(string? Literal, TemplateExpression? Expression);

/// <summary>
/// Shared and immutable: a string setting in which <c>{{path}}</c> or <c>{{path ?? "fallback"}}</c> may stand (SPEC 4), parsed once when
/// the flow is compiled. <c>\{{</c> is a literal <c>{{</c>.
/// </summary>
public sealed class Template
{
    private readonly TemplatePart[] _parts;
    private readonly FlowValue _literal;
    private readonly TemplateExpression? _only;

    private Template(string source, TemplatePart[] parts)
    {
        Source = source;
        _parts = parts;
        if (parts.Length == 0)
            _literal = FlowValue.EmptyText;
        else if (parts is [{ Literal: { } only }])
            _literal = FlowValue.From(only);
        else if (parts is [{ Expression: { } expression }])
            _only = expression;
    }

    /// <summary>The template of the empty text.</summary>
    public static Template Empty { get; } = new("", []);

    /// <summary>The template as written.</summary>
    public string Source { get; }

    /// <summary>The parts in order; adjacent literals are one.</summary>
    public ReadOnlySpan<TemplatePart> Parts => _parts;

    /// <summary>Whether no expression stands in it.</summary>
    public bool IsLiteral => !_literal.IsMissing;

    /// <summary>The text of a template without expressions.</summary>
    /// <exception cref="InvalidOperationException">There is an expression in it.</exception>
    public string LiteralText =>
        _literal.TryGetText(out var text) ? text : throw new InvalidOperationException("The template is not literal.");

    /// <summary>Whether the template is exactly one expression, so that the value keeps its type.</summary>
    public bool IsSingleExpression => _only is not null;

    /// <summary>The value: of one expression alone with its type, otherwise text.</summary>
    public FlowValue Evaluate(ReadContext context)
    {
        if (_only is not null)
            return _only.Evaluate(context);
        return IsLiteral ? _literal : EvaluateText(context, ValueEncoder.None);
    }

    /// <summary>The value as text, each expression's value encoded for where it lands. Sensitive when one of the values is.</summary>
    public FlowValue EvaluateText(ReadContext context, ValueEncoder encoder)
    {
        if (IsLiteral)
            return _literal;

        if (_only is not null)
        {
            var value = _only.Evaluate(context);
            return FlowValue.From(encoder.Encode(value.ToText())).WithSensitive(value.IsSensitive || value.ContainsSensitive());
        }

        var sensitive = false;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        foreach (ref readonly var part in _parts.AsSpan())
        {
            if (part.Literal is not null)
            {
                text.AppendLiteral(part.Literal);
                continue;
            }
            var value = part.Expression!.Evaluate(context);
            sensitive |= value.ContainsSensitive();
            text.AppendLiteral(encoder.Encode(value.ToText()));
        }
        return FlowValue.From(text.ToStringAndClear()).WithSensitive(sensitive);
    }

    /// <summary>The value as text, with what it was made of. Otherwise as without it.</summary>
    public FlowValue EvaluateText(ReadContext context, ValueEncoder encoder, out FilledText filled)
    {
        var text = Fill(context, encoder, masks: false, out var sensitive);
        filled = text;
        return FlowValue.From(text.Text).WithSensitive(sensitive);
    }

    /// <summary>The value as text for somebody to read, where no secret may stand: a sensitive value is masked, the words around it
    /// stay.</summary>
    public FilledText EvaluateMasked(ReadContext context) => Fill(context, ValueEncoder.None, masks: true, out _);

    private FilledText Fill(ReadContext context, ValueEncoder encoder, bool masks, out bool sensitive)
    {
        sensitive = false;
        if (IsLiteral)
            return FilledText.Plain(LiteralText);
        var names = TextPlaces.Names(Source);
        var values = new FlowObjectBuilder(names.Count);
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        var place = 0;
        foreach (ref readonly var part in _parts.AsSpan())
        {
            if (part.Literal is not null)
            {
                text.AppendLiteral(part.Literal);
                continue;
            }
            var value = part.Expression!.Evaluate(context);
            var isSecret = value.ContainsSensitive();
            sensitive |= isSecret;
            var written = isSecret && masks ? JsonWriting.Mask : encoder.Encode(value.ToText());
            text.AppendLiteral(written);
            if (place < names.Count)
                values.Set(names[place++], FlowValue.From(written).WithSensitive(isSecret && !masks));
        }
        return new FilledText(text.ToStringAndClear(), Source, values.Build());
    }

    /// <summary>Parses a template that is known to be right, for code and tests.</summary>
    /// <exception cref="FormatException">The template is not well-formed.</exception>
    public static Template Parse(string source)
    {
        var problems = new DiagnosticBag();
        var template = Parse(source, SourceLocation.Root(null), problems);
        return problems.HasErrors ? throw new FormatException(problems.Items[0].Message) : template;
    }

    /// <summary>Parses a template. A template with a problem, which is reported, becomes <see cref="Empty"/>.</summary>
    public static Template Parse(string source, SourceLocation at, DiagnosticBag problems)
    {
        if (source.Length == 0)
            return Empty;
        return TemplateParser.TryParse(source, at, problems, out var parts) ? new Template(source, parts) : Empty;
    }

    /// <inheritdoc/>
    public override string ToString() => Source;
}
