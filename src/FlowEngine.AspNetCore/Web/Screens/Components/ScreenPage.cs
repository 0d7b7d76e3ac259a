using FlowEngine.Context;
using FlowEngine.Screens;
using FlowEngine.Screens.Components;

namespace FlowEngine.AspNetCore.Web.Screens.Components;

/// <summary>Per screen and single-threaded: what a component's renderer has to know of the screen that it stands on.</summary>
public sealed class ScreenPage
{
    private readonly ShownScreen _shown;
    private readonly FlowValue _form;
    private readonly IReadOnlyList<ShownProblem> _problems;
    private readonly HashSet<ShownComponent> _hidden;
    private bool _focusTaken;

    internal ScreenPage(ShownScreen shown, FlowValue view, IReadOnlyList<ShownProblem> problems, IReadOnlyList<ShownComponent> components)
    {
        _shown = shown;
        _problems = problems;
        _form = view.Get("state").Get("form");
        ErrorText = view.Get("state").Get("errorText").ToText();
        Title = view.Get("title").ToText();
        Components = components;
        PrimaryButton = components
            .FirstOrDefault(component => component.Type.Prototype is InteractionComponent { TakesEnter: true })
            ?.Text("id");
        Passwords = components.Count(component => component.Type.Prototype is InputComponent { IsSecret: true, IsCode: false });
        _hidden = Hidden();
        _focusTaken = shown.IsEmbedded || IsError || shown.Notice is not null;
    }

    /// <summary>The screen's title; "" for none.</summary>
    public string Title { get; }

    /// <summary>All its components, from top to bottom.</summary>
    public IReadOnlyList<ShownComponent> Components { get; }

    /// <summary>The id of what Enter in an input presses; null for nothing.</summary>
    public string? PrimaryButton { get; }

    /// <summary>How many inputs for secrets stand on it, one-time codes aside.</summary>
    public int Passwords { get; }

    /// <summary>The message of the last attempt; "" for none.</summary>
    internal string ErrorText { get; }

    /// <summary>Whether it tells of something wrong.</summary>
    internal bool IsError => _problems.Count > 0 || ErrorText.Length > 0;

    /// <summary>A built-in text in the language of the page.</summary>
    public string Text(string builtIn) => _shown.Translation.Of(builtIn);

    /// <summary>What stands in an input: what the person entered and was refused, what is known of it, or what it starts with.</summary>
    public FlowValue ValueOf(ShownComponent input) =>
        _shown.Entered.Kind == FlowValueKind.Object ? _shown.Entered.Get(input.Name)
        : _form.Get(input.Name) is { IsNothing: false } value ? value
        : input.View.Get("default");

    /// <summary>What every input has: id, name, whether it is required, its name for those who cannot see it, and its problem. It is asked
    /// for once, in the order in which
    /// the inputs stand: the first takes the focus.</summary>
    /// <param name="input">The input.</param>
    /// <param name="hasLabel">Whether a label is drawn for it.</param>
    public FieldParts FieldOf(ShownComponent input, bool hasLabel)
    {
        var name = input.Name;
        var id = IdOf(name);
        var help = input.Text("help");
        var problem = _problems.FirstOrDefault(problem => problem.Name == name);
        var isOnly = problem is not null && _problems.Count == 1;
        var takesFocus = (isOnly && !_shown.IsEmbedded) || !_focusTaken;
        _focusTaken = true;
        return new FieldParts(
            id,
            Markup.Of(
                $"""
                 id="{id}" name="{name}"{Markup.Flag("required", input.Is("required"))}{Markup.Attribute(
                    "aria-label",
                    hasLabel ? null
                        : input.Text("placeholder") is { Length: > 0 } hint ? hint
                        : name
                )}{Markup.Attribute("aria-invalid", problem is null ? null : "true")}{Markup.Attribute(
                    "aria-describedby",
                    string.Join(' ', new[] { help.Length > 0 ? id + "-help" : "", problem is null ? "" : id + "-problem" }.Where(one => one.Length > 0))
                )}{Markup.Flag(
                    "autofocus",
                    takesFocus
                )}{Markup.Flag("data-fe-focus", isOnly)}
                """
            ),
            Markup.Join([
                help.Length == 0 ? Markup.Empty : Markup.Of($"""<p class="fe-help" id="{id}-help">{Words(input, help)}</p>"""),
                problem is null
                    ? Markup.Empty
                    : Markup.Of(
                        $"""<p class="fe-problem" id="{id}-problem"{Markup.Attribute("role", isOnly ? "alert" : null)}>{problem.Text}</p>"""
                    ),
            ])
        );
    }

    /// <summary>A text of a component with its links. Only addresses that the flow wrote lead anywhere; each in a tab of its own, so that what
    /// was entered here is not lost.</summary>
    /// <param name="component">The component.</param>
    /// <param name="text">One of its texts.</param>
    public Markup Words(ShownComponent component, string text)
    {
        var pieces = TextLinks.Pieces(
            text,
            address => component.Items("links").Any(link => link.ToText() == address) || _shown.Translation.Links.Contains(address)
        );
        return Markup.Join(
            pieces.Select(piece =>
                piece.Address is { } address
                    ? Markup.Of(
                        $"""<a class="fe-inline" href="{address}" target="_blank" rel="noopener noreferrer">{piece.Text}<span class="fe-hidden"> ({Text(
                            BuiltInTexts.NewTab
                        )})</span></a>"""
                    )
                    : Markup.Of($"{piece.Text}")
            )
        );
    }

    /// <summary>Whether a component is shown by what stands in the inputs above it.</summary>
    internal bool IsShown(ShownComponent component) => !_hidden.Contains(component);

    /// <summary>Which components are not shown, decided in their order: what stands in a hidden one counts as nothing.</summary>
    private HashSet<ShownComponent> Hidden()
    {
        var hidden = new HashSet<ShownComponent>(ReferenceEqualityComparer.Instance);
        var values = new Dictionary<string, FlowValue>(StringComparer.Ordinal);
        var until = -1;
        for (var i = 0; i < Components.Count; i++)
        {
            var component = Components[i];
            var isShown = ShownRules.Holds(component.View.Get("showIf"), name => values.GetValueOrDefault(name));
            if (!isShown)
                hidden.Add(component);
            if (!isShown && i > until)
                until = i + component.Count("holds");
            if (isShown && i > until && component.Type.Prototype is InputComponent input)
                values[component.Name] =
                    input.Kind == InputKind.YesOrNo ? FlowValue.From(Checkbox.IsChecked(ValueOf(component))) : ValueOf(component);
        }
        return hidden;
    }

    /// <summary>What went wrong, where the inputs themselves do not say it all.</summary>
    /// <param name="ownText">The words for whatever went wrong; "" to say what it was.</param>
    public Markup ErrorBox(string ownText)
    {
        var focus = _shown.IsEmbedded ? Markup.Empty : Markup.Flag("autofocus", true);
        if (_problems.Count > 1)
        {
            var entries = _problems.Select(problem => Markup.Of($"""<li><a href="#{IdOf(problem.Name)}">{problem.Text}</a></li>"""));
            return ErrorBox(focus, Text(BuiltInTexts.CheckEntries), Markup.Of($"<ul>{Markup.Join(entries)}</ul>"));
        }
        if (_problems is [var only] && HasInput(only.Name) || ErrorText.Length == 0)
            return Markup.Empty;
        return ErrorBox(focus, ownText.Length > 0 ? ownText : ErrorText, Page.Reference(_shown.Translation, _shown.Reference));
    }

    private static Markup ErrorBox(Markup focus, string text, Markup more)
    {
        var content = Markup.Of($"{Icons.Warning}<div><p>{text}</p>{more}</div>");
        return Markup.Of($"""<div class="fe-error" role="alert" tabindex="-1"{focus} data-fe-focus>{content}</div>""");
    }

    /// <summary>Whether the problem of that name stands at its input; what is pressed has no place for one.</summary>
    private bool HasInput(string name) => Components.Any(component => component.Type.Prototype is InputComponent && component.Name == name);

    private static string IdOf(string name) => "fe-" + name;
}

/// <summary>Shared and immutable: what every input has on a page.</summary>
/// <param name="Id">The id of the control.</param>
/// <param name="Attributes">The attributes of the control, with a blank before them.</param>
/// <param name="Problem">What stands below it: its help, and what is wrong with it; empty for nothing.</param>
public sealed record FieldParts(string Id, Markup Attributes, Markup Problem);
