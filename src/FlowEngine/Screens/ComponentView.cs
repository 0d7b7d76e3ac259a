using FlowEngine.Context;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Per rendering and single-threaded: takes what a component shows, as members of an object, in the order in which they are
/// set.</summary>
public sealed class ComponentView
{
    private readonly ReadContext _context;
    private readonly ValueEncoder _encoder;
    private readonly List<FilledText>? _filled;
    private readonly FlowObjectBuilder _members = new(8);

    internal ComponentView(string type, ReadContext context, ValueEncoder encoder, List<FilledText>? filled, bool hasMessage)
    {
        _context = context;
        _encoder = encoder;
        _filled = filled;
        HasMessage = hasMessage;
        Set("type", type);
    }

    /// <summary>Whether the flow itself has something to say on this screen, here and now.</summary>
    public bool HasMessage { get; }

    /// <summary>A text as it is; nothing when it is empty.</summary>
    public void Set(string name, string text)
    {
        if (text.Length > 0)
            _members.Set(name, FlowValue.From(text));
    }

    /// <summary>A template as text; nothing when it is empty.</summary>
    public void Set(string name, Template template)
    {
        if (template.Source.Length > 0)
            _members.Set(name, TextOf(template, _context, _encoder, _filled));
    }

    /// <summary>The addresses that these texts themselves lead to, as <c>links</c>: only those are drawn as links, so that no value that somebody
    /// enters can bring one. Nothing when there are none.</summary>
    public void SetLinks(params ReadOnlySpan<Template> texts)
    {
        List<FlowValue>? links = null;
        foreach (var text in texts)
        {
            foreach (var link in TextLinks.In(text.Source))
                (links ??= []).Add(FlowValue.From(link));
        }
        if (links is not null)
            Set("links", FlowValue.Array(links));
    }

    /// <summary>An instant that has to be waited for, as <c>enabledAt</c>, and <c>secondsLeft</c> until then; nothing when it is
    /// over.</summary>
    internal void SetWait(Template instant)
    {
        if (
            instant.Source.Length == 0
            || instant.Evaluate(_context) is var at && InteractionComponent.SecondsUntil(at, _context.Time) is var left && left == 0
        )
            return;
        Set("enabledAt", at.WithSensitive(false));
        Set("secondsLeft", FlowValue.From(left));
    }

    /// <summary>What can be chosen in an input, here and now.</summary>
    public IReadOnlyList<ComponentOption> ChoicesOf(InputComponent input) => input.ChoicesFor(_context);

    /// <summary>Any value.</summary>
    public void Set(string name, FlowValue value) => _members.Set(name, value);

    internal FlowValue Build() => FlowValue.From(_members.Build());

    /// <summary>A template as text. What it was made of is noted where somebody wants to know.</summary>
    internal static FlowValue TextOf(Template template, ReadContext context, ValueEncoder encoder, List<FilledText>? filled)
    {
        if (filled is null || template.IsLiteral)
            return template.EvaluateText(context, encoder);
        var text = template.EvaluateText(context, encoder, out var made);
        filled.Add(made);
        return text;
    }
}
