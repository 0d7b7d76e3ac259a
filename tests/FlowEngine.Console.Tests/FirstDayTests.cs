using System.Text.Json;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.TestServers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>The first day with an empty server: from the setup link to a test case of a login that failed.</summary>
public sealed class FirstDayTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task EmptyServer_ByMouse_BecomesALoginThatPeopleUse()
    {
        var other = await demo.ServerAsync();
        await using var server = await ConsoleServer.EmptyAsync();
        var page = await OpenAsync(server, server.SetupLink.PathAndQuery + server.SetupLink.Fragment);
        await page.SetViewportSizeAsync(1600, 1000);
        await new GatePage(page).SetUpAsync(Account.Admin);

        await MakeConnectorsAsync(page, other, await server.WritePeopleAsync());
        await DrawAsync(page);
        var designer = new DesignerPage(page);
        await Expect(designer.Saved).ToBeVisibleAsync();
        await designer.PublishAsync("The login flow, drawn by mouse");
        await LoginFlow.ExpectSameAsync(
            server,
            (await server.CallAsync(HttpMethod.Get, "/api/flows/login")).GetProperty("published").GetProperty("definition")
        );

        await SignInAsync(server, "ada@example.com", "You are signed in");
        await SignInAsync(server, "ghost@example.com", "User Not Found");
        await SignInAsync(server, "busy@example.com", "Sign in");
        await SignInAsync(server, "broken@example.com", "Sign in");

        await page.GetByRole(AriaRole.Button, new() { Name = "Back to the flows" }).ClickAsync();
        foreach (
            var (number, path) in new[]
            {
                (4, "signIn lookup profile byStatus again signIn"),
                (3, "signIn lookup profile byStatus signIn"),
                (2, "signIn lookup profile byStatus userNotFound"),
                (1, "signIn lookup profile user claims done"),
            }
        )
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "Runs", Exact = true }).First.ClickAsync();
            await new RunsPage(page).Link(number).ClickAsync();
            await Expect(new RunPage(page).Title).ToHaveTextAsync($"Run {number}");
            Assert.Equal(path, string.Join(' ', await new RunPage(page).Steps.Locator(".step-name").AllInnerTextsAsync()));
        }

        await page.GotoAsync(server.Address + "/console/runs/4");
        var (name, golden) = await new RunPage(page).SaveCaseAsync();
        await ExpectCasePassesAsync(server, name, golden);
    }

    private static async Task MakeConnectorsAsync(IPage page, ConsoleServer other, string people)
    {
        var connectors = new ConnectorPages(page);
        await connectors.BeginAsync("Database");
        await connectors.NameAsync("People", "users-db");
        await connectors.ChooseAsync("Engine", "SQLite");
        await connectors.FillAsync("File", people);
        await connectors.ConnectAsync();
        await connectors.MakeAsync("People");

        await connectors.BeginAsync("HTTP");
        await connectors.NameAsync("Profile API", "profile-api");
        await connectors.FillAsync("Base URL", other.Address + "/demo");
        await connectors.SwitchOnAsync("Include response headers in context");
        await Expect(await connectors.SendAsync("/users/ada")).ToContainTextAsync("Ada Lovelace");
        await connectors.MakeAsync("Profile API");
    }

    private static async Task DrawAsync(IPage page)
    {
        var designer = new DesignerPage(page);
        await designer.BeginAsync(LoginFlow.Name, "login");

        await designer.ShowAsync("Screens");
        await designer.RenameScreenAsync("start", "sign-in", "Sign in");
        await designer.ComponentButtonAsync("sign-in", "Remove Text This is the first screen.");
        await designer.AddComponentAsync("sign-in", "EmailInput");
        await page.GetByRole(AriaRole.Button, new() { Name = "New screen" }).ClickAsync();
        await designer.RenameScreenAsync("screen", "user-not-found", "User Not Found");
        await designer.ComponentButtonAsync("user-not-found", "Remove ErrorMessage");
        await designer.AddComponentAsync("user-not-found", "Text");
        await designer
            .Screen("user-not-found")
            .GetByRole(AriaRole.Textbox, new() { Name = "Text" })
            .FillAsync("We do not know {{form.email}}.");
        await designer.ComponentButtonAsync("user-not-found", "Button Continue");
        await designer.Screen("user-not-found").GetByRole(AriaRole.Textbox, new() { Name = "Text" }).FillAsync("Try another address");

        await designer.ShowAsync("Flow");
        await designer.ZoomOutAsync(3);
        await designer.ChooseAsync("start");
        await designer.RenameAsync("signIn");

        await designer.DropAsync("Database", 330, 90);
        await designer.RenameAsync("lookup");
        await designer.WriteAsync("Query", LoginFlow.Query);
        await designer.FillAsync("Context key", "db");
        await designer.DropAsync("GenericHttp", 560, 90);
        await designer.RenameAsync("profile");
        await designer.FillAsync("Endpoint", "/users/{{connectors.db.first.id}}");
        await designer.AddRowAsync("Headers", "x-user-tier", "{{connectors.db.first.tier}}");
        await designer.FillAsync("Context key", "profile");
        await designer.HandleAsync("Generic HTTP Error", "Custom");
        await designer.DropAsync("Condition", 560, 240);
        await designer.RenameAsync("byStatus");
        await designer.BranchAsync(0, "Not found", "connectors.profile.statusCode", "404");
        await designer.BranchAsync(1, "Rate limited", "connectors.profile.statusCode", "429");
        await designer.DropAsync("Screen", 330, 240);
        await designer.RenameAsync("userNotFound");
        await designer.DropAsync("Restart", 330, 600);
        await designer.RenameAsync("again");
        await designer.DropAsync("SetUser", 780, 90);
        await designer.RenameAsync("user");
        await designer.FillAsync("User ID", "{{connectors.db.first.id}}");
        await designer.FillAsync("Email", "{{form.email}}");
        await designer.DropAsync("CustomClaims", 780, 240);
        await designer.RenameAsync("claims");
        await designer.AddRowAsync("Claims", "region", "{{connectors.profile.headers.x-region}}");

        foreach (
            var (source, port, target) in new[]
            {
                ("signIn", "submit", "lookup"),
                ("lookup", "Success", "profile"),
                ("profile", "Success", "user"),
                ("profile", "Generic HTTP Error", "byStatus"),
                ("byStatus", "Not found", "userNotFound"),
                ("byStatus", "Rate limited", "signIn"),
                ("byStatus", "Else", "again"),
                ("userNotFound", "submit", "signIn"),
                ("user", "Done", "claims"),
                ("claims", "Done", "done"),
            }
        )
            await designer.ConnectAsync(source, port, target);
    }

    /// <summary>Signs in as a person does, in a browser of their own.</summary>
    private async Task SignInAsync(ConsoleServer server, string email, string title)
    {
        var page = await OpenAsync(server, "/login/login");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
    }

    /// <summary>Runs the case with the command line, beside the flow as it was exported.</summary>
    private static async Task ExpectCasePassesAsync(ConsoleServer server, string name, JsonElement golden)
    {
        using var workspace = new Workspace();
        var path = workspace.Write($"cases/{name}", golden.GetRawText());
        var flow = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, golden.GetProperty("flow").GetString()!));
        Directory.CreateDirectory(Path.GetDirectoryName(flow)!);
        await File.WriteAllTextAsync(flow, (await server.CallAsync(HttpMethod.Get, "/api/flows/login/export")).GetRawText());
        foreach (var connector in new[] { "users-db", "profile-api" })
        {
            var definition = (await server.CallAsync(HttpMethod.Get, $"/api/connectors/{connector}"))
                .GetProperty("definition")
                .GetRawText();
            Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(flow)!, "connectors"));
            await File.WriteAllTextAsync(
                Path.Combine(Path.GetDirectoryName(flow)!, "connectors", $"{connector}.connector.json"),
                definition
            );
        }
        var test = await FlowEngineProcess.RunAsync("test", path);
        Assert.True(test.ExitCode == 0, test.Output + test.Error);
    }
}
