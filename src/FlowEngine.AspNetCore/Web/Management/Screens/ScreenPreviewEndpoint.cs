using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Management.Screens;

/// <summary>Stateless: <c>/api/screens/preview</c>: a screen as people will see it, for a frame without scripts.</summary>
internal static class ScreenPreviewEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapScreenPreview(this IEndpointRouteBuilder api) =>
        api.MapPost("/screens/preview", PreviewAsync).RequireRole(Role.Designer);

    private static async Task PreviewAsync(HttpContext http, HostedScreensOptions options)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var screen = FlowValue.From(ApiBody.RequiredMembers(body, "screen"));
        var sample = ApiBody.Members(body, "context").With("form", FlowValue.From(ApiBody.Members(body, "form")));
        var theme = ApiBody.OptionalId(body, "theme");
        if (theme is not (null or "light" or "dark"))
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "'theme' is neither light nor dark.");
        var locale = ApiBody.OptionalId(body, "locale") is { Length: > 0 } given ? given : options.DefaultLocale;

        var problems = new DiagnosticBag();
        var view = ScreenView.Preview(screen, FlowValue.From(sample), ApiBody.OptionalText(body, "errorText"), problems);
        var html = view.IsMissing ? "" : Html(view, FlowLocales.Of(body.Get("locales")).For(locale), theme, http, options);
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(("html", FlowValue.From(html)), ("diagnostics", ApiJson.Diagnostics(problems.Items)))
        );
    }

    private static string Html(FlowValue view, Translation translation, string? theme, HttpContext http, HostedScreensOptions options) =>
        ScreenRenderer
            .Render(
                new ShownScreen
                {
                    View = view,
                    Translation = translation,
                    FlowName = view.Get("id").ToText(),
                    Action = "",
                    StepId = "",
                    Token = "",
                }
            )
            .Document(http.Request.PathBase.ToUriComponent(), options.Stylesheet, theme);
}
