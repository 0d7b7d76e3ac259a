using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per screen and single-threaded: writes a screen as HTML. Works without JavaScript; <c>Assets/screens.js</c> finds its hooks by
/// their <c>data-fe-</c> attributes.</summary>
internal sealed class ScreenRenderer
{
    private readonly ShownScreen _shown;
    private readonly FlowValue _view;
    private readonly IReadOnlyList<EntryProblem> _problems;
    private readonly string _errorText;
    private readonly List<FlowValue> _components;
    private readonly int _passwords;
    private readonly string? _primaryButton;
    private bool _focusTaken;

    private ScreenRenderer(ShownScreen shown)
    {
        _shown = shown;
        _problems = EntryProblem.In(shown.View);
        _view = shown.Translation.Screen(shown.View);
        _errorText = _view.Get("state").Get("errorText").ToText();
        _components = _view.Get("components").TryGetArray(out var components) ? [.. components] : [];
        _passwords = _components.Count(component => TypeOf(component) == "PasswordInput");
        _primaryButton = _components
            .Where(component => TypeOf(component) == "Button")
            .Select(component => Member(component, "id"))
            .FirstOrDefault();
        _focusTaken = _problems.Count > 0 || _errorText.Length > 0 || shown.Notice is not null;
    }

    private string Text(string builtIn) => _shown.Translation.Of(builtIn);

    /// <summary>The screen as a page.</summary>
    public static Page Render(ShownScreen shown)
    {
        var renderer = new ScreenRenderer(shown);
        var title = Member(renderer._view, "title");
        if (title.Length == 0)
            title =
                renderer
                    ._components.Where(component => Member(component, "variant") == "title")
                    .Select(component => Member(component, "text"))
                    .FirstOrDefault()
                ?? shown.FlowName;
        var isError = renderer._problems.Count > 0 || renderer._errorText.Length > 0;
        return new Page
        {
            Title = isError ? $"{renderer.Text(BuiltInTexts.Error)}: {title}" : title,
            Main = renderer.RenderForm(),
            Translation = shown.Translation,
        };
    }

    private Markup RenderForm()
    {
        // A picture at the top is the sign-in's logo: it stands above the title, in the place of our mark.
        var logos = _components.TakeWhile(component => TypeOf(component) == "Image").ToList();
        var rest = _components.Skip(logos.Count).ToList();
        var title = Member(_view, "title");
        var hasErrorPlace = rest.Exists(component => TypeOf(component) == "ErrorMessage");
        return Markup.Of(
            $"""
            <form class="fe-form" method="post" action="{_shown.Action}" novalidate data-fe-form>
            <input type="hidden" name="{FormNames.Step}" value="{_shown.StepId}">
            <input type="hidden" name="{FormNames.Token}" value="{_shown.Token}">
            {DefaultButton(rest)}{(logos.Count > 0 ? Markup.Join(logos.Select(Render)) : Icons.Mark("key"))}
            {Notice()}{(title.Length > 0 ? Markup.Of($"""<h1 class="fe-title" tabindex="-1">{title}</h1>""") : Markup.Empty)}
            {(hasErrorPlace ? Markup.Empty : ErrorBox(""))}
            {Markup.Join(rest.Select(Render))}
            </form>
            """
        );
    }

    /// <summary>Enter in an input presses the first submit button of a form. Where a
    /// link comes before the buttons, this makes it the button all the same.</summary>
    private Markup DefaultButton(List<FlowValue> components)
    {
        var firstInteraction = components.Find(component => TypeOf(component) is "Button" or "Link" && Member(component, "id").Length > 0);
        return _primaryButton is not null && TypeOf(firstInteraction) == "Link"
            ? Markup.Of(
                $"""<button class="fe-hidden" type="submit" name="{FormNames.Interaction}" value="{_primaryButton}" tabindex="-1" aria-hidden="true"></button>"""
            )
            : Markup.Empty;
    }

    private Markup Notice() =>
        _shown.Notice is { } notice
            ? Markup.Of(
                $"""<p class="fe-notice" role="status" tabindex="-1"{Markup.Flag("data-fe-focus", _problems.Count == 0 && _errorText.Length == 0)}>{Icons.Info}<span>{Text(notice)}</span></p>"""
            )
            : Markup.Empty;

    private Markup Render(FlowValue component) =>
        TypeOf(component) switch
        {
            "Text" => RenderText(component),
            "Image" => RenderImage(component),
            "Link" => RenderLink(component),
            "Divider" => RenderDivider(component),
            "ErrorMessage" => ErrorBox(Member(component, "text")),
            "TextInput" => RenderInput(component, "text", Markup.Attribute("autocomplete", InputPurpose.OfText(Member(component, "name")))),
            "EmailInput" => RenderInput(
                component,
                "email",
                Markup.Of(
                    $""" inputmode="email" autocapitalize="none" spellcheck="false" autocomplete="{InputPurpose.OfEmail(_passwords > 0)}" """
                )
            ),
            "PhoneInput" => RenderInput(component, "tel", Markup.Of($""" inputmode="tel" autocomplete="tel" """)),
            "PasswordInput" => RenderInput(
                component,
                "password",
                Markup.Of(
                    $""" autocapitalize="none" spellcheck="false" autocomplete="{InputPurpose.OfPassword(Member(component, "name"), _passwords > 1)}" """
                )
            ),
            "CodeInput" => RenderInput(
                component,
                "text",
                Markup.Of(
                    $""" inputmode="{InputPurpose.KeyboardOfCode(Member(component, "pattern"))}" autocapitalize="none" spellcheck="false" autocomplete="one-time-code" """
                )
            ),
            "Checkbox" => RenderCheckbox(component),
            "Select" => RenderSelect(component),
            "Button" => RenderButton(component),
            _ => Markup.Empty,
        };

    private Markup RenderText(FlowValue component)
    {
        var text = Member(component, "text");
        return Member(component, "variant") switch
        {
            "title" when Member(_view, "title").Length == 0 => Markup.Of($"""<h1 class="fe-title" tabindex="-1">{text}</h1>"""),
            "title" => Markup.Of($"""<h2 class="fe-heading">{text}</h2>"""),
            "subtitle" => Markup.Of($"""<p class="fe-subtitle">{text}</p>"""),
            "caption" => Markup.Of($"""<p class="fe-caption">{text}</p>"""),
            _ => Markup.Of($"""<p class="fe-text">{text}</p>"""),
        };
    }

    private static Markup RenderImage(FlowValue component)
    {
        var alt = Member(component, "alt");
        return SafeUrl.Of(Member(component, "src")) is { } source ? Markup.Of($"""<img class="fe-image" src="{source}" alt="{alt}">""")
            : alt.Length > 0 ? Markup.Of($"""<p class="fe-text">{alt}</p>""")
            : Markup.Empty;
    }

    private Markup RenderLink(FlowValue component)
    {
        var id = Member(component, "id");
        var text = Member(component, "text");
        if (id.Length > 0)
            return Markup.Of(
                $"""<p class="fe-links"><button class="fe-link" type="submit" name="{FormNames.Interaction}" value="{id}">{(text.Length > 0 ? text : id)}</button></p>"""
            );
        if (SafeUrl.Of(Member(component, "href")) is not { } address)
            return Markup.Of($"""<p class="fe-text">{text}</p>""");
        // In a tab of its own, so that what was entered here is not lost.
        return Markup.Of(
            $"""<p class="fe-links"><a class="fe-link" href="{address}" target="_blank" rel="noopener noreferrer">{(text.Length > 0 ? text : address)}<span class="fe-hidden"> ({Text(BuiltInTexts.NewTab)})</span></a></p>"""
        );
    }

    private static Markup RenderDivider(FlowValue component)
    {
        var text = Member(component, "text");
        return text.Length > 0
            ? Markup.Of($"""<p class="fe-divider fe-divider-text"><span>{text}</span></p>""")
            : Markup.Of($"""<hr class="fe-divider">""");
    }

    private Markup ErrorBox(string ownText)
    {
        if (_problems.Count > 1)
        {
            var entries = _problems.Select(problem =>
                Markup.Of($"""<li><a href="#{IdOf(problem.Name)}">{problem.Text(_shown.Translation)}</a></li>""")
            );
            return Markup.Of(
                $"""<div class="fe-error" role="alert" tabindex="-1" autofocus data-fe-focus>{Icons.Warning}<div><p>{Text(BuiltInTexts.CheckEntries)}</p><ul>{Markup.Join(entries)}</ul></div></div>"""
            );
        }
        if (_problems.Count == 1 || _errorText.Length == 0)
            return Markup.Empty;
        return Markup.Of(
            $"""<div class="fe-error" role="alert" tabindex="-1" autofocus data-fe-focus>{Icons.Warning}<div><p>{(ownText.Length > 0 ? ownText : _errorText)}</p>{Page.Reference(_shown.Translation, _shown.Reference)}</div></div>"""
        );
    }

    private Markup RenderInput(FlowValue component, string inputType, Markup purpose)
    {
        var field = FieldOf(component);
        var isSecret = component.Get("sensitive") == FlowValue.True;
        var input = Markup.Of(
            $"""<input class="fe-input{(TypeOf(component) == "CodeInput" ? " fe-code" : "")}" type="{inputType}"{field.Attributes}{purpose}{LengthLimits(component)}{Markup.Attribute("placeholder", Member(component, "placeholder"))}{Markup.Attribute("value", isSecret ? null : ValueOf(component).ToText())}>"""
        );
        return Field(component, field, TypeOf(component) == "PasswordInput" ? Markup.Of($"{input}{RevealButton(field.Id)}") : input);
    }

    private Markup RevealButton(string id) =>
        Markup.Of(
            $"""<button class="fe-reveal" type="button" hidden data-fe-reveal aria-controls="{id}" aria-label="{Text(BuiltInTexts.ShowPassword)}" data-show="{Text(BuiltInTexts.ShowPassword)}" data-hide="{Text(BuiltInTexts.HidePassword)}">{Icons.Eye}</button>"""
        );

    private Markup RenderSelect(FlowValue component)
    {
        var field = FieldOf(component);
        var chosen = ValueOf(component).ToText();
        component.Get("options").TryGetArray(out var options);
        var choices = (options ?? FlowArray.Empty).Select(option =>
            Markup.Of(
                $"""<option value="{Member(option, "value")}"{Markup.Flag("selected", Member(option, "value") == chosen)}>{Member(option, "text")}</option>"""
            )
        );
        var hint = Member(component, "placeholder");
        return Field(
            component,
            field,
            Markup.Of(
                $"""<select class="fe-input fe-select"{field.Attributes}{Markup.Attribute("autocomplete", InputPurpose.OfText(Member(component, "name")))}><option value="">{(hint.Length > 0 ? hint : Text(BuiltInTexts.Choose))}</option>{Markup.Join(choices)}</select>{Icons.Chevron}"""
            )
        );
    }

    private Markup RenderCheckbox(FlowValue component)
    {
        var field = FieldOf(component);
        var value = ValueOf(component);
        var isChecked = value.TryGetBoolean(out var boolean) ? boolean : value.ToText() is "on" or "true" or "1";
        var label = Member(component, "label");
        if (label.Length == 0)
            label = Member(component, "text");
        return Markup.Of(
            $"""
            <div class="fe-field"><div class="fe-check"><input class="fe-checkbox" type="checkbox" value="true"{field.Attributes}{Markup.Flag(
                "checked",
                isChecked
            )}><label for="{field.Id}">{(label.Length > 0 ? label : Member(component, "name"))}</label></div>{field.Problem}</div>
            """
        );
    }

    private Markup RenderButton(FlowValue component)
    {
        var id = Member(component, "id");
        var text = Member(component, "text");
        var variant = Member(component, "variant") switch
        {
            "primary" => "primary",
            "secondary" => "secondary",
            _ => id == _primaryButton ? "primary" : "secondary",
        };
        return Markup.Of(
            $"""<button class="fe-button fe-{variant}" type="submit" name="{FormNames.Interaction}" value="{id}"><span>{(text.Length > 0 ? text : id)}</span></button>"""
        );
    }

    private Markup Field(FlowValue component, FieldParts field, Markup control)
    {
        var label = Member(component, "label");
        var caption =
            label.Length == 0
                ? Markup.Empty
                : Markup.Of(
                    $"""<label class="fe-label" for="{field.Id}">{label}{(IsRequired(component) ? Markup.Empty : Markup.Of($""" <span class="fe-optional">({Text(BuiltInTexts.Optional)})</span>"""))}</label>"""
                );
        return Markup.Of($"""<div class="fe-field">{caption}<div class="fe-control">{control}</div>{field.Problem}</div>""");
    }

    /// <summary>What every input has: id, name, whether it is required, its name for those who cannot see it, and its problem.</summary>
    private FieldParts FieldOf(FlowValue component)
    {
        var name = Member(component, "name");
        var id = IdOf(name);
        var problem = _problems.FirstOrDefault(problem => problem.Name == name);
        var isOnly = problem is not null && _problems.Count == 1;
        var label = Member(component, "label");
        var hint = Member(component, "placeholder");
        var takesFocus = isOnly || !_focusTaken;
        _focusTaken = true;
        return new FieldParts(
            id,
            Markup.Of(
                $"""
                 id="{id}" name="{name}"{Markup.Flag("required", IsRequired(component))}{Markup.Attribute(
                    "aria-label",
                    label.Length > 0 || TypeOf(component) == "Checkbox" ? null
                        : hint.Length > 0 ? hint
                        : name
                )}{(problem is null ? Markup.Empty : Markup.Of($""" aria-invalid="true" aria-describedby="{id}-problem" """))}{Markup.Flag(
                    "autofocus",
                    takesFocus
                )}{Markup.Flag("data-fe-focus", isOnly)}
                """
            ),
            problem is null
                ? Markup.Empty
                : Markup.Of(
                    $"""<p class="fe-problem" id="{id}-problem"{Markup.Attribute("role", isOnly ? "alert" : null)}>{problem.Text(_shown.Translation)}</p>"""
                )
        );
    }

    /// <summary>The limits of a text; not those of a password, which must not be cut off silently when it is pasted.</summary>
    private static Markup LengthLimits(FlowValue component)
    {
        if (TypeOf(component) == "PasswordInput")
            return Markup.Empty;
        var least = component.Get("minLength").TryGetInteger(out var minimum) && minimum > 0 ? minimum : 0;
        var most = component.Get("maxLength").TryGetInteger(out var maximum) && maximum < 10_000 ? maximum : 0;
        return Markup.Of(
            $"{(least > 0 ? Markup.Of($" minlength=\"{(int)least}\"") : Markup.Empty)}{(most > 0 ? Markup.Of($" maxlength=\"{(int)most}\"") : Markup.Empty)}"
        );
    }

    private FlowValue ValueOf(FlowValue component)
    {
        var name = Member(component, "name");
        if (_shown.Entered.Kind == FlowValueKind.Object)
            return _shown.Entered.Get(name);
        return _view.Get("state").Get("form").Get(name) is { IsNothing: false } value ? value : component.Get("default");
    }

    private static bool IsRequired(FlowValue component) => component.Get("required").TryGetBoolean(out var required) && required;

    private static string TypeOf(FlowValue component) => Member(component, "type");

    private static string IdOf(string name) => "fe-" + name;

    private static string Member(FlowValue value, string name) => value.Get(name).ToText();

    private sealed record FieldParts(string Id, Markup Attributes, Markup Problem);
}
