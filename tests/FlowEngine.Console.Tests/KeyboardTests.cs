using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>The login flow once more, from nothing, without a mouse.</summary>
public sealed class KeyboardTests(Browser browser) : ConsoleTest(browser)
{
    [Fact]
    public async Task LoginFlow_ByKeyboardAlone_IsDrawnAndPublished()
    {
        await using var server = await ConsoleServer.EmptyAsync();
        await server.CallAsync(
            HttpMethod.Post,
            "/api/users",
            new
            {
                name = Account.Designer.Name,
                password = Account.Designer.Password,
                role = "designer",
            }
        );
        await server.CallAsync(
            HttpMethod.Post,
            "/api/connectors",
            new
            {
                definition = new
                {
                    id = "users-db",
                    type = "sql",
                    name = "People",
                    configuration = new { engine = "sqlite", file = "people.db" },
                },
            }
        );
        await server.CallAsync(
            HttpMethod.Post,
            "/api/connectors",
            new
            {
                definition = new
                {
                    id = "profile-api",
                    type = "http",
                    name = "Profile API",
                    configuration = new { baseUrl = "https://api.example.com", includeHeadersInContext = true },
                },
            }
        );

        var page = await OpenAsync(server, "/console/");
        await Expect(page.GetByLabel("Name")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(Account.Designer.Name);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Account.Designer.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByPlaceholder("Search pages, flows and connectors")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Flows");
        await page.Keyboard.PressAsync("Enter");

        var keys = new DesignerKeys(page);
        await keys.BeginAsync(LoginFlow.Name, "login");
        await DrawScreensAsync(page, keys);
        await DrawActivitiesAsync(keys);
        await keys.ConnectAsync("byStatus", "Rate limited", "signIn", hasSeveral: true);
        await keys.ConnectAsync("userNotFound", "submit", "signIn", hasSeveral: false);
        await keys.ConnectAsync("claims", "Done", "done", hasSeveral: false);
        await keys.PublishAsync("Drawn by keyboard");
        await LoginFlow.ExpectSameAsync(
            server,
            (await server.CallAsync(HttpMethod.Get, "/api/flows/login")).GetProperty("published").GetProperty("definition")
        );
    }

    private static async Task DrawScreensAsync(IPage page, DesignerKeys keys)
    {
        await keys.ShowAsync("Screens");
        await keys.RenameScreenAsync("start", "sign-in", "Sign in");
        await keys.PressOnAsync(keys.ButtonOf("sign-in", "Remove Text This is the first screen."));
        await keys.AddComponentAsync("sign-in", "EmailInput");
        await keys.PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "New screen" }));
        await keys.RenameScreenAsync("screen", "user-not-found", "User Not Found");
        await keys.PressOnAsync(keys.ButtonOf("user-not-found", "Remove ErrorMessage"));
        await keys.AddComponentAsync("user-not-found", "Text");
        await keys.TypeAsync(keys.TextOf("user-not-found"), "We do not know {{form.email}}.");
        await keys.PressOnAsync(keys.ButtonOf("user-not-found", "Button Continue"));
        await keys.TypeAsync(keys.TextOf("user-not-found"), "Try another address");
        await keys.ShowAsync("Flow");
    }

    private static async Task DrawActivitiesAsync(DesignerKeys keys)
    {
        await keys.GoToAsync("start");
        await keys.OpenAsync();
        await keys.RenameAsync("signIn");
        await keys.BackAsync("signIn");
        // Its outcome leads to the End that a new flow has; the one that is added next goes in between.
        await keys.AddAsync("signIn", "Database", "lookup");
        await keys.WriteAsync("Query", LoginFlow.Query);
        await keys.FillAsync("Context key", "db");
        await keys.BackAsync("lookup");
        await keys.ConnectAsync("signIn", "submit", "lookup", hasSeveral: false);

        await keys.AddAsync("lookup", "GenericHttp", "profile");
        await keys.FillAsync("Endpoint", "/users/{{connectors.db.first.id}}");
        await keys.PressAsync("Tab");
        await keys.AddRowAsync("Headers", "x-user-tier", "{{connectors.db.first.tier}}");
        await keys.FillAsync("Context key", "profile");
        await keys.HandleAsync("Generic HTTP Error", "Custom");
        await keys.BackAsync("profile");
        await keys.AddAsync("profile", "SetUser", "user");
        await keys.FillAsync("User ID", "{{connectors.db.first.id}}");
        await keys.FillAsync("Email", "{{form.email}}");
        await keys.BackAsync("user");
        await keys.AddAsync("user", "CustomClaims", "claims");
        await keys.AddRowAsync("Claims", "region", "{{connectors.profile.headers.x-region}}");
        await keys.BackAsync("claims");

        await keys.AddAsync("profile", "Condition", "byStatus");
        await keys.BranchAsync(0, "Not found", "connectors.profile.statusCode", "404");
        await keys.BranchAsync(1, "Rate limited", "connectors.profile.statusCode", "429");
        await keys.BackAsync("byStatus");
        await keys.AddAsync("byStatus", "Screen", "userNotFound");
        await keys.BackAsync("userNotFound");
        await keys.AddAsync("byStatus", "Restart", "again");
        await keys.BackAsync("again");
        // It was added at the next free outcome.
        await keys.ConnectAsync("byStatus", "Else", "again", hasSeveral: true);
    }
}
