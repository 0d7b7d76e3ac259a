using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Web.Management.Screens;

/// <summary>A screen to show.</summary>
/// <param name="Screen">The screen, as flow files have it.</param>
/// <param name="Context">What its templates read.</param>
/// <param name="Form">What stands in its inputs.</param>
/// <param name="Theme">Light or dark; by default as the browser likes it.</param>
/// <param name="Locale">The language; by default the server's.</param>
/// <param name="ErrorText">What its error message says.</param>
/// <param name="Locales">The flow's texts by language.</param>
internal sealed record PreviewBody(
    FlowObject Screen,
    FlowObject? Context = null,
    FlowObject? Form = null,
    [ShortText] [property: OneOf("light", "dark")] string? Theme = null,
    [ShortText] string? Locale = null,
    [Note] string? ErrorText = null,
    [property: Holds(typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>))] FlowValue Locales = default
) : IRequestBody<PreviewBody>;

/// <summary>A screen as people will see it.</summary>
/// <param name="Html">A document for a frame without scripts; empty where the screen cannot be shown.</param>
/// <param name="Diagnostics">What is wrong with it.</param>
internal sealed record Preview(string Html, IReadOnlyList<FileProblem> Diagnostics);

/// <summary>Stateless: <c>/api/screens/preview</c>: a screen as people will see it, for a frame without scripts.</summary>
internal static class ScreenPreviewEndpoint
{
    /// <summary>Shows a screen.</summary>
    public static Preview Show(PreviewBody body, HttpContext http, HostedScreensOptions options, ScreenRenderer screens)
    {
        var screen = FlowValue.From(body.Screen);
        var sample = (body.Context ?? FlowObject.Empty).With("form", FlowValue.From(body.Form ?? FlowObject.Empty));
        if (body.Theme is not (null or "light" or "dark"))
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "'theme' is neither light nor dark.");
        var locale = body.Locale is { Length: > 0 } given ? given : options.DefaultLocale;

        var problems = new DiagnosticBag();
        var filled = new List<FilledText>();
        var view = ScreenView.Preview(screen, screens.Components, FlowValue.From(sample), body.ErrorText ?? "", problems, filled);
        var shown = new ShownScreen
        {
            View = view,
            Wording = new ScreenWording([], filled),
            Translation = FlowLocales.Of(body.Locales).For(locale),
            FlowName = view.Get("id").ToText(),
        };
        var path = http.Request.PathBase.ToUriComponent();
        var html = view.IsMissing ? "" : screens.Render(shown).Document(path, screens.Assets, options.Stylesheet, body.Theme);
        return new Preview(html, FileProblem.Of(problems.Items));
    }
}
