using System.Collections.Frozen;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Screens.Components;
using FlowEngine.Context;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per process, thread-safe: writes a screen as HTML, each component by its renderer. Works without JavaScript;
/// <c>Assets/screens.js</c> and the web component
/// find their hooks by the <c>data-fe-</c> attributes.</summary>
internal sealed class ScreenRenderer
{
    private readonly FrozenDictionary<Type, ComponentRenderer> _renderers;

    /// <summary>Makes a renderer of the engine's own components and these.</summary>
    /// <param name="components">The types of components.</param>
    /// <param name="more">The renderers of the types that are not the engine's own.</param>
    /// <exception cref="ArgumentException">A type has no renderer, or two.</exception>
    public ScreenRenderer(ComponentCatalog components, IEnumerable<ComponentRenderer> more)
    {
        Components = components;
        ComponentRenderer[] own =
        [
            new TextBlockRenderer(),
            new ContainerRenderer(),
            new LogoRenderer(),
            new ImageRenderer(),
            new LinkRenderer(),
            new DividerRenderer(),
            new ErrorMessageRenderer(),
            new TextInputRenderer(),
            new EmailInputRenderer(),
            new PhoneInputRenderer(),
            new PasswordInputRenderer(),
            new NewPasswordRenderer(),
            new CodeInputRenderer(),
            new CheckboxRenderer(),
            new SelectRenderer(),
            new ButtonRenderer(),
        ];
        ComponentRenderer[] all = [.. own, .. more];
        Assets = new ScreenAssets(string.Concat(all.Select(renderer => renderer.Styles)));
        _renderers = all.ToDictionary(renderer => renderer.Record).ToFrozenDictionary();
        if (components.Types.FirstOrDefault(type => !_renderers.ContainsKey(type.Record)) is { } bare)
            throw new ArgumentException($"Nothing draws the component {bare.Name}. Register a renderer for {bare.Record}.", nameof(more));
    }

    /// <summary>The types of components.</summary>
    public ComponentCatalog Components { get; }

    /// <summary>The files that pages with these components load.</summary>
    public ScreenAssets Assets { get; }

    /// <summary>The screen as a page.</summary>
    public Page Render(ShownScreen shown)
    {
        var texts = new ScreenTexts(shown.Translation, shown.Wording, Components);
        var view = texts.Screen(shown.View);
        view.Get("components").TryGetArray(out var all);
        var components = (all ?? FlowArray.Empty)
            .Select(component => (Type: Components.Find(component.Get("type").ToText()), View: component))
            .Where(component => component.Type is not null)
            .Select(component => new ShownComponent(component.Type!, component.View))
            .ToList();
        var page = new ScreenPage(shown, view, texts.Problems(shown.View), components);

        var title =
            page.Title.Length > 0
                ? page.Title
                : components.Find(component => component.Text("variant") == "title")?.Text("text") ?? shown.FlowName;
        return new Page
        {
            Title = page.IsError ? $"{page.Text(BuiltInTexts.Error)}: {title}" : title,
            Main = Form(shown, page),
            Translation = shown.Translation,
        };
    }

    /// <summary>The form of the screen at which a run waits, for a page of somebody else: without address, step and token.</summary>
    public string Embed(RunAnswer answer, Translation translation) =>
        Render(
            new ShownScreen
            {
                View = answer.Screen,
                Wording = answer.Wording,
                Translation = translation,
                Reference = answer.Reference,
                IsEmbedded = true,
            }
        )
            .Main.ToString();

    private Markup Form(ShownScreen shown, ScreenPage page)
    {
        // A picture at the top is the sign-in's logo: it stands above the title, in the place of our mark.
        var logos = page.Components.TakeWhile(component => component.Type.Prototype.IsLogo).ToList();
        var rest = page.Components.Skip(logos.Count).ToList();
        var logo = Draw(logos, page);
        var hasErrorPlace = rest.Exists(component => component.Type.Prototype.ShowsErrors);
        return Markup.Of(
            $"""
            <form class="fe-form"{Target(shown)} novalidate data-fe-form>
            {Hidden(shown)}{DefaultButton(rest, page.PrimaryButton)}{(logo.IsEmpty ? Icons.Mark("key") : logo)}
            {Notice(shown, page)}{(
                page.Title.Length > 0 ? Markup.Of($"""<h1 class="fe-title" tabindex="-1">{page.Title}</h1>""") : Markup.Empty
            )}
            {(hasErrorPlace ? Markup.Empty : page.ErrorBox(""))}
            {Draw(rest, page)}
            </form>
            """
        );
    }

    /// <summary>Draws components in their order; those that a container holds stand behind it.</summary>
    private Markup Draw(List<ShownComponent> components, ScreenPage page)
    {
        var drawn = new List<Markup>();
        for (var i = 0; i < components.Count; i++)
        {
            var component = components[i];
            var holds = Math.Min(component.Count("holds"), components.Count - i - 1);
            if (holds > 0)
                component = component with { Inner = Draw([.. components.Skip(i + 1).Take(holds)], page) };
            var markup = _renderers[component.Type.Record].Render(component, page);
            var showIf = component.View.Get("showIf");
            drawn.Add(
                showIf.IsMissing
                    ? markup
                    // Pages decide it anew while somebody types.
                    : markup.WithFirst(
                        Markup.Join([Markup.Attribute("data-fe-if", showIf.ToJson()), Markup.Flag("hidden", !page.IsShown(components[i]))])
                    )
            );
            i += holds;
        }
        return Markup.Join(drawn);
    }

    private static Markup Target(ShownScreen shown) =>
        shown.IsEmbedded ? Markup.Empty : Markup.Of($" method=\"post\" action=\"{shown.Action}\"");

    private static Markup Hidden(ShownScreen shown) =>
        shown.IsEmbedded
            ? Markup.Empty
            : Markup.Of(
                $"""
                <input type="hidden" name="{FormNames.Step}" value="{shown.StepId}">
                <input type="hidden" name="{FormNames.Token}" value="{shown.Token}">

                """
            );

    /// <summary>Enter in an input presses the first submit button of a form. Where a link comes before the buttons, this makes it the
    /// button all the same.</summary>
    private static Markup DefaultButton(List<ShownComponent> components, string? primary)
    {
        var first = components.Find(component => component.Type.Prototype is InteractionComponent && component.Text("id").Length > 0);
        return primary is not null && first?.Type.Prototype is InteractionComponent { TakesEnter: false }
            ? Markup.Of(
                $"""<button class="fe-hidden" type="submit" name="{FormNames.Interaction}" value="{primary}" tabindex="-1" aria-hidden="true"></button>"""
            )
            : Markup.Empty;
    }

    private static Markup Notice(ShownScreen shown, ScreenPage page) =>
        shown.Notice is { } notice
            ? Markup.Of(
                $"""<p class="fe-notice" role="status" tabindex="-1"{Markup.Flag("data-fe-focus", !page.IsError)}>"""
                    + $"""{Icons.Info}<span>{page.Text(notice)}</span></p>"""
            )
            : Markup.Empty;
}
