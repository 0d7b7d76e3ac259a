using FlowEngine.Context;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: what is wrong with an input, as it is told.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Text">The sentence, in the language of whom it is told.</param>
internal sealed record ShownProblem(string Name, string Text);

/// <summary>Per answer: the texts of a screen, or of an end, in a language.</summary>
/// <param name="translation">The language.</param>
/// <param name="wording">What the texts were made of.</param>
/// <param name="components">The types of components.</param>
internal sealed class ScreenTexts(Translation translation, ScreenWording wording, ComponentCatalog components)
{
    /// <summary>The members of a component that are words for people, whatever its type.</summary>
    private static readonly string[] TextMembers = ["label", "text", "placeholder", "alt", "help"];

    /// <summary>Translates a text; one without a translation stays as it is.</summary>
    public string Of(string text)
    {
        foreach (var filled in wording.Filled)
        {
            if (filled.Text == text && translation.Of(filled) is { } translated)
                return translated;
        }
        return translation.Of(text);
    }

    /// <summary>What is wrong with the inputs of a screen, in the order of the inputs.</summary>
    /// <param name="screen">The screen as <see cref="ScreenView"/> renders it, not yet translated.</param>
    public IReadOnlyList<ShownProblem> Problems(FlowValue screen)
    {
        if (wording.Problems.Count == 0 || !screen.Get("components").TryGetArray(out var all))
            return [];
        return [.. wording.Problems.Select(problem => new ShownProblem(problem.Name, Describe(problem, all)))];
    }

    /// <summary>Translates the texts of a screen: titles, labels, hints, options and the message of the last error. Values that people
    /// entered stay.</summary>
    /// <param name="screen">The screen as <see cref="ScreenView"/> renders it, without escapes.</param>
    public FlowValue Screen(FlowValue screen)
    {
        if (!screen.TryGetObject(out var view))
            return screen;
        view = Translate(view, "title");
        if (view.Get("components").TryGetArray(out var all))
            view = view.With("components", FlowValue.Array(all.Select(Component)));
        if (view.Get("state").TryGetObject(out var state))
        {
            state = Problems(screen) is { Count: > 0 } problems
                ? state.With("errorText", FlowValue.From(string.Join(' ', problems.Select(problem => problem.Text))))
                : Translate(state, "errorText");
            view = view.With("state", FlowValue.From(state));
        }
        return FlowValue.From(view);
    }

    private string Describe(InputProblem problem, FlowArray all)
    {
        var input = all.FirstOrDefault(component => component.Get("name").ToText() == problem.Name);
        // Of what is pressed the text is what an input's label is.
        if (input.IsMissing)
            input = all.FirstOrDefault(component => component.Get("id").ToText() == problem.Name);
        var label = input.Get(input.Get("name").IsMissing ? "text" : "label").ToText();
        var sentence = components.SentenceOf(input.Get("type").ToText(), problem.Code);
        return problem.Fill(translation.Of(sentence), label.Length > 0 ? TextLinks.Plain(Of(label)).TrimEnd('.') : problem.Name);
    }

    private FlowValue Component(FlowValue value)
    {
        if (!value.TryGetObject(out var component))
            return value;
        foreach (var member in TextMembers)
            component = Translate(component, member);
        if (component.Get("options").TryGetArray(out var options))
            component = component.With(
                "options",
                FlowValue.Array(
                    options.Select(option => option.TryGetObject(out var pair) ? FlowValue.From(Translate(pair, "text")) : option)
                )
            );
        return FlowValue.From(component);
    }

    private FlowObject Translate(FlowObject value, string member) =>
        value.Get(member).TryGetText(out var text) && text.Length > 0 && Of(text) is var translated && !ReferenceEquals(translated, text)
            ? value.With(member, FlowValue.From(translated).WithSensitive(value.Get(member).IsSensitive))
            : value;
}
