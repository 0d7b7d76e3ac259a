using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Web.Management.Screens;

/// <summary>Stateless: <c>/api/screens/preview</c>: a screen as people will see it, for a frame without scripts.</summary>
internal static class ScreenPreviewEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapScreenPreview(this IEndpointRouteBuilder api) =>
        api.MapPost("/screens/preview", PreviewAsync).RequireRole(Role.Designer);

    private static async Task PreviewAsync(HttpContext http, HostedScreensOptions options, ScreenRenderer screens)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var screen = FlowValue.From(ApiBody.RequiredMembers(body, "screen"));
        var sample = ApiBody.Members(body, "context").With("form", FlowValue.From(ApiBody.Members(body, "form")));
        var theme = ApiBody.OptionalId(body, "theme");
        if (theme is not (null or "light" or "dark"))
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "'theme' is neither light nor dark.");
        var locale = ApiBody.OptionalId(body, "locale") is { Length: > 0 } given ? given : options.DefaultLocale;

        var problems = new DiagnosticBag();
        var filled = new List<FilledText>();
        var errorText = ApiBody.OptionalText(body, "errorText");
        var view = ScreenView.Preview(screen, screens.Components, FlowValue.From(sample), errorText, problems, filled);
        var shown = new ShownScreen
        {
            View = view,
            Wording = new ScreenWording([], filled),
            Translation = FlowLocales.Of(body.Get("locales")).For(locale),
            FlowName = view.Get("id").ToText(),
        };
        var html = view.IsMissing ? "" : screens.Render(shown).Document(http.Request.PathBase.ToUriComponent(), options.Stylesheet, theme);
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(("html", FlowValue.From(html)), ("diagnostics", ApiJson.Diagnostics(problems.Items)))
        );
    }
}
