using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>
/// What the designer does with a flow that is there: it loses nothing, renames
/// with all uses, asks before it takes away. Each test has a flow of its own.
/// </summary>
public sealed class DesignerTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task Digits_OfAFlow_StayFromOpeningToPublishing()
    {
        const string Numbers =
            """{"big":12345678901234567890,"long":3.141592653589793238462643383279,"list":[-12345678901234567890.5,404]}""";
        await using var flow = await AddAsync(
            $$"""
            {"id":"digits","name":"Digits","start":"check","activities":[
              {"id":"check","type":"Condition","branches":[
                {"outcome":"Big","rules":[{"key":"flow.version","operator":"equal","value":12345678901234567890}]}]},
              {"id":"done","type":"End","outputs":{{Numbers}} }],
             "connections":[{"source":"check","port":"Big","target":"done"},{"source":"check","port":"Else","target":"done"}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/digits");
        var designer = new DesignerPage(page);
        await designer.ChooseAsync("done");
        await Expect(designer.Inspector.GetByLabel("Outputs: value of big")).ToHaveValueAsync("12345678901234567890");
        await Expect(designer.Inspector.GetByLabel("Outputs: value of long")).ToHaveValueAsync("3.141592653589793238462643383279");
        await designer.ChooseAsync("check");
        await designer.Inspector.GetByLabel("Name", new() { Exact = true }).FillAsync("Is it big?");
        await designer.PublishAsync("Only a name");

        var published = (await flow.DetailAsync()).GetProperty("published").GetProperty("definition").GetRawText();
        Assert.Contains("Is it big?", published, StringComparison.Ordinal);
        Assert.Contains(Numbers, published, StringComparison.Ordinal);
        Assert.Contains("\"value\":12345678901234567890", published, StringComparison.Ordinal);

        // What is imported goes the same way.
        await page.GetByRole(AriaRole.Link, new() { Name = "Flows", Exact = true }).ClickAsync();
        var file = new FilePayload
        {
            Name = "digits.flow.json",
            MimeType = "application/json",
            Buffer = Encoding.UTF8.GetBytes(published),
        };
        await page.GetByLabel("File to import").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Import as draft" }).ClickAsync();
        await Expect(designer.Activity("done")).ToBeVisibleAsync();
        var imported = (await flow.Server.CallAsync(HttpMethod.Get, "/api/flows/digits2")).GetProperty("draft").GetRawText();
        await flow.Server.CallAsync(HttpMethod.Delete, "/api/flows/digits2");
        Assert.Contains(Numbers, imported, StringComparison.Ordinal);
    }

    /// <summary>A list of SQL has an editor for each statement; a header is a text until somebody says what becomes of it.</summary>
    [Fact]
    public async Task StatementsAndHeaderRules_AreEditedInTheForm_AndWrittenAsFilesHaveThem()
    {
        await using var flow = await AddAsync(
            """
            {"id":"rules","name":"Rules","start":"db","activities":[
              {"id":"db","type":"Database","connector":"users-db","readOnly":false,"statements":["select id, tier from users"]},
              {"id":"call","type":"GenericHttp","connector":"profile-api","headers":{"x-tier":"{{connectors.db.statements[0].first.tier}}"}},
              {"id":"done","type":"End"}],
             "connections":[{"source":"db","port":"Success","target":"call"},{"source":"call","port":"Success","target":"done"}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/rules");
        var designer = new DesignerPage(page);
        await designer.ChooseAsync("db");
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Add to Statements" }).ClickAsync();
        await designer.WriteAsync("Statement 2", "select name from users where id = {{statements[0].first.id}}");
        await flow.WaitForDraftAsync(["\"select name from users where id = {{statements[0].first.id}}\""], []);
        await ExpectAccessibleAsync(page, "statements");
        await PictureAsync(page, "designer-statements");

        await designer.ChooseAsync("call");
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Missing, many, not ASCII" }).ClickAsync();
        await designer.Inspector.GetByLabel("When missing").SelectOptionAsync(new SelectOptionValue { Label = "Leave the header out" });
        await flow.WaitForDraftAsync(["\"whenMissing\":\"omit\"", "\"value\":\"{{connectors.db.statements[0].first.tier}}\""], []);
        await designer.Inspector.GetByLabel("When missing").SelectOptionAsync(new SelectOptionValue { Label = "Send something else" });
        await designer.Inspector.GetByLabel("When missing: Send something else").FillAsync("none");
        await designer.Inspector.GetByRole(AriaRole.Radio, new() { Name = "Repeat the header" }).CheckAsync();
        await flow.WaitForDraftAsync(["\"whenMissing\":{\"use\":\"none\"}", "\"whenMany\":\"repeat\""], []);
        await ExpectAccessibleAsync(page, "header-rules");
        await PictureAsync(page, "designer-header-rules");

        await designer
            .Inspector.GetByLabel("When missing", new() { Exact = true })
            .SelectOptionAsync(new SelectOptionValue { Label = "Send it all the same" });
        await designer.Inspector.GetByRole(AriaRole.Radio, new() { Name = "Join them" }).CheckAsync();
        await flow.WaitForDraftAsync(["\"x-tier\":\"{{connectors.db.statements[0].first.tier}}\""], ["whenM"]);
    }

    /// <summary>A list: dropped on the canvas, with a call for each of its items; and a call that reads page after page.</summary>
    [Fact]
    public async Task AListOfItemsAndACallOfPages_AreDrawn_AndWrittenAsFilesHaveThem()
    {
        await using var flow = await AddAsync(
            """
            {"id":"list","name":"List","start":"db","activities":[
              {"id":"db","type":"Database","connector":"users-db","query":"select id, tier from users limit 20"},
              {"id":"call","type":"GenericHttp","connector":"profile-api","endpoint":"/users","timeout":2},
              {"id":"done","type":"End"}],
             "connections":[{"source":"call","port":"Success","target":"done"}],
             "designer":{"db":{"x":0,"y":0},"call":{"x":0,"y":200},"done":{"x":320,"y":200}}}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/list");
        var designer = new DesignerPage(page);
        await designer.ZoomOutAsync(2);
        await designer.DropAsync("ForEach", 560, 120);
        await designer.Inspector.GetByRole(AriaRole.Textbox, new() { Name = "Items" }).FillAsync("{{connectors.db.rows}}");
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Choose what is done" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "End", Exact = true })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "GenericHttp", Exact = true }).ClickAsync();
        var inner = designer.Inspector.GetByRole(AriaRole.Group, new() { Name = "For each item" });
        await inner.GetByLabel("Connector").SelectOptionAsync(new SelectOptionValue { Value = "profile-api" });
        await inner.GetByLabel("Endpoint").FillAsync("/users/{{item.id}}");
        await designer.Inspector.GetByLabel("Concurrency").FillAsync("4");
        await designer.Inspector.GetByRole(AriaRole.Textbox, new() { Name = "At most" }).FillAsync("4");
        await designer.Inspector.GetByRole(AriaRole.Radio, new() { Name = "Collect" }).ClickAsync();
        await designer.ConnectAsync("db", "Success", "each");
        await designer.ConnectAsync("each", "Success", "call");
        await flow.WaitForDraftAsync([
            "\"items\":\"{{connectors.db.rows}}\"",
            "\"endpoint\":\"/users/{{item.id}}\"",
            "\"concurrency\":4",
            "\"onError\":\"collect\"",
        ]);
        await Expect(page.GetByText("No problems")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page, "for-each");
        await PictureAsync(page, "designer-for-each");

        await designer.ChooseAsync("call");
        var pages = designer.Inspector.GetByRole(AriaRole.Region, new() { Name = "Pages" });
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Pages", Exact = true }).ClickAsync();
        await pages.GetByRole(AriaRole.Button, new() { Name = "Set up: Pages" }).ClickAsync();
        await pages.GetByLabel("Items").FillAsync("body.users");
        await Expect(pages.GetByLabel("Next", new() { Exact = true })).ToHaveValueAsync("");
        await pages
            .GetByLabel("Next", new() { Exact = true })
            .SelectOptionAsync(new SelectOptionValue { Label = "The answer's Link header" });
        await flow.WaitForDraftAsync(["\"next\":\"link\""]);
        await pages
            .GetByLabel("Next", new() { Exact = true })
            .SelectOptionAsync(new SelectOptionValue { Label = "By path, query, from, step" });
        await Expect(pages.GetByText("What names the next page is empty.")).ToBeVisibleAsync();
        await pages.GetByLabel("Next: Query").FillAsync("after");
        await pages.GetByLabel("Next: Path").FillAsync("body.cursor");
        await flow.WaitForDraftAsync(["\"query\":\"after\"", "\"path\":\"body.cursor\"", "\"items\":\"body.users\""], ["\"link\""]);
        await Expect(page.GetByText("No problems")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page, "pages");
        await PictureAsync(page, "designer-pages");
    }

    /// <summary>Functions are suggested behind a path, and a screen says how long the way to the next may take.</summary>
    [Fact]
    public async Task TypingBehindAPath_SuggestsFunctions_AndAScreenTellsItsWait()
    {
        await using var flow = await AddAsync(
            """
            {"id":"functions","name":"Functions","start":"ask","activities":[
              {"id":"ask","type":"Screen","screen":"who"},
              {"id":"call","type":"GenericHttp","connector":"profile-api","endpoint":"/users"},
              {"id":"done","type":"End"}],
             "connections":[{"source":"ask","port":"go","target":"call"},{"source":"call","port":"Success","target":"done"}],
             "screens":[{"id":"who","components":[{"type":"EmailInput","name":"email"},{"type":"Button","id":"go"}]}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/functions");
        var designer = new DesignerPage(page);
        await designer.ChooseAsync("ask");
        await Expect(designer.Inspector.GetByText("To the next screen, when nobody answers: 10 s: call 10 s.", new() { Exact = true }))
            .ToBeVisibleAsync();
        await PictureAsync(page, "designer-wait");

        await designer.ChooseAsync("call");
        var endpoint = designer.Inspector.GetByLabel("Endpoint", new() { Exact = true });
        await endpoint.FillAsync("");
        await endpoint.PressSequentiallyAsync("/users/{{form.email | ");
        var functions = designer.Inspector.GetByRole(AriaRole.Listbox, new() { Name = "Functions" });
        await Expect(functions.GetByRole(AriaRole.Option)).ToHaveCountAsync(16);
        await PictureAsync(page, "designer-functions");
        await endpoint.PressSequentiallyAsync("lo");
        await Expect(functions.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await endpoint.PressAsync("Enter");
        await Expect(endpoint).ToHaveValueAsync("/users/{{form.email | lower}}");
        await flow.WaitForDraftAsync(["{{form.email | lower}}"], []);
    }

    /// <summary>A condition on the status becomes ports of the call, and these a condition again: the draft is a flow that says the same.</summary>
    [Fact]
    public async Task AConditionOnTheStatus_BecomesOutcomesOfTheCall_AndAConditionAgain()
    {
        await using var flow = await AddAsync(
            """
            {"id":"ways","name":"Ways out","start":"call","activities":[
              {"id":"call","type":"GenericHttp","connector":"profile-api","endpoint":"/users/1","contextKey":"profile",
               "errorHandling":{"Generic HTTP Error":"custom"}},
              {"id":"status","type":"Condition","branches":[
                {"outcome":"Not found","rules":[{"key":"connectors.profile.statusCode","operator":"equal","value":404}]},
                {"outcome":"Rate limited","rules":[{"key":"connectors.profile.statusCode","operator":"equal","value":429}]}]},
              {"id":"nobody","type":"End","name":"nobody","kind":"refused"},
              {"id":"later","type":"End","name":"later","kind":"refused"},
              {"id":"broken","type":"End","name":"broken","kind":"refused"},
              {"id":"done","type":"End"}],
             "connections":[{"source":"call","port":"Success","target":"done"},{"source":"call","port":"Generic HTTP Error","target":"status"},
              {"source":"status","port":"Not found","target":"nobody"},{"source":"status","port":"Rate limited","target":"later"},
              {"source":"status","port":"Else","target":"broken"}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/ways");
        var designer = new DesignerPage(page);
        await designer.ChooseAsync("status");
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Make outcomes of the call of it" }).ClickAsync();
        await flow.WaitForDraftAsync(["\"Not found\":[\"404\"]", "\"Rate limited\":[\"429\"]"], ["\"Condition\""]);
        await Expect(designer.Inspector.GetByLabel("What leads to Not found", new() { Exact = true })).ToHaveValueAsync("404");
        await ExpectAccessibleAsync(page, "outcomes");
        await PictureAsync(page, "designer-outcomes");

        await designer.Inspector.GetByLabel("What leads to Rate limited", new() { Exact = true }).FillAsync("429, 503");
        await flow.WaitForDraftAsync(["\"Rate limited\":[\"429\",\"503\"]"], []);
        await designer.Inspector.GetByRole(AriaRole.Button, new() { Name = "Make a condition of it" }).ClickAsync();
        await flow.WaitForDraftAsync(["\"Condition\"", "503"], ["\"outcomes\":"]);
        await PictureAsync(page, "designer-condition-again");
    }

    [Fact]
    public async Task Renaming_AContextKeyOrAField_TakesEveryUseAlong_AndRemovingTellsThem()
    {
        var login = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "flows/login.flow.json"));
        await using var flow = await AddAsync(login.Replace("\"id\": \"login\"", "\"id\": \"renamed\"", StringComparison.Ordinal));
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/renamed");
        var designer = new DesignerPage(page);
        await designer.ChooseAsync("lookup");
        await designer.Inspector.GetByLabel("Context key").FillAsync("person");
        await designer.Inspector.GetByLabel("Context key").PressAsync("Enter");
        // It is told twice: to those who see it and to those who do not.
        await Expect(page.GetByText("connectors.db is connectors.person now, in all 3 places that read it.").First).ToBeVisibleAsync();
        await flow.WaitForDraftAsync(["{{connectors.person.first.tier}}"], ["connectors.db"]);

        await designer.ShowAsync("Screens");
        await designer.Screen("sign-in").GetByRole(AriaRole.Button, new() { Name = "EmailInput Email" }).First.ClickAsync();
        var field = designer.Screen("sign-in").Locator(".component-body").GetByLabel("Name").First;
        await field.FillAsync("address");
        await field.PressAsync("Enter");
        await flow.WaitForDraftAsync(["email = {{form.address}}", "We do not know {{form.address}}."], ["form.email"]);
        await PictureAsync(page, "designer-renamed");

        await designer.ShowAsync("Flow");
        await designer.ChooseAsync("lookup");
        await designer.Activity("lookup").PressAsync("Delete");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await ExpectAccessibleAsync(page, "uses");
        await PictureAsync(page, "designer-uses");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "profile · headers.x-user-tier" }).ClickAsync();
        await Expect(
                designer.Inspector.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = "profile",
                        Exact = true,
                        Level = 2,
                    }
                )
            )
            .ToBeVisibleAsync();
        await Expect(designer.Activity("lookup")).ToHaveCountAsync(1);

        await designer.ChooseAsync("lookup");
        await designer.Activity("lookup").PressAsync("Delete");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove all the same" }).ClickAsync();
        await Expect(designer.Activity("lookup")).ToHaveCountAsync(0);
        foreach (var _ in Enumerable.Range(0, 3))
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo:") }).ClickAsync();
        await flow.WaitForDraftAsync(["{{connectors.db.first.tier}}", "email = {{form.email}}"]);
    }

    [Fact]
    public async Task Renaming_AnInputOfASubflow_IsOfferedToItsCallers_AndUndoneWithThem()
    {
        await using var inner = await AddAsync(
            """
            {"id":"inner","name":"Inner","inputs":{"mail":{"type":"string"}},"start":"done",
             "activities":[{"id":"done","type":"End","outputs":{"was":"{{client.mail}}"}}],"connections":[]}
            """
        );
        await inner.PublishAsync();
        await using var outer = await AddAsync(
            """
            {"id":"outer","name":"Outer","start":"call",
             "activities":[{"id":"call","type":"Subflow","flow":"inner","inputs":{"mail":"x"}},{"id":"done","type":"End"}],
             "connections":[{"source":"call","port":"Done","target":"done"}]}
            """
        );
        var page = await OpenAsAsync(inner.Server, Account.Designer, "/flows/inner");
        await page.GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Flow settings" }).ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Inputs" }).ClickAsync();
        var name = page.GetByRole(AriaRole.Group, new() { Name = "Input mail" }).GetByLabel("Name", new() { Exact = true });
        await name.FillAsync("address");
        await name.PressAsync("Enter");
        var also = page.GetByRole(AriaRole.Button, new() { Name = "Also in its draft" });
        await Expect(also).ToBeVisibleAsync();
        await PictureAsync(page, "designer-callers");
        await also.ClickAsync();
        await outer.WaitForDraftAsync(["\"inputs\":{\"address\":\"x\"}"]);
        await inner.WaitForDraftAsync(["{{client.address}}"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Done", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo:") }).ClickAsync();
        await outer.WaitForDraftAsync(["\"inputs\":{\"mail\":\"x\"}"]);
    }

    [Fact]
    public async Task Keys_WorkOnEveryPage_AndFindWhatStandsInSettings()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Designer, "/runs");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("profile lookup (login");
        await PictureAsync(page, "find-everywhere");
        await page.Keyboard.PressAsync("Enter");
        await Expect(new DesignerPage(page).Activity("lookup")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("tier");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Option, new() { NameRegex = new("lookup · query.*select id, tier") })).ToBeVisibleAsync();
        await PictureAsync(page, "find-in-settings");
        await dialog.GetByRole(AriaRole.Option, new() { NameRegex = new("profile · headers") }).ClickAsync();
        var heading = new DesignerPage(page).Inspector.GetByRole(
            AriaRole.Heading,
            new()
            {
                Name = "profile",
                Exact = true,
                Level = 2,
            }
        );
        await Expect(heading).ToBeVisibleAsync();

        // A tooltip is open there: Escape closes it and leads back all the same.
        await page.GetByRole(AriaRole.Button, new() { Name = "Close the inspector" }).FocusAsync();
        await Expect(page.GetByRole(AriaRole.Tooltip)).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(new DesignerPage(page).Activity("profile")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Opening_AFlowWithoutALayout_MakesNoDraft_AndATryIsDrawnAsARun()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Designer, "/flows/header-claims");
        await Expect(page.GetByText("Published v1", new() { Exact = true })).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(new Uri(server.Address), "/console/flows/login").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Try" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await panel.GetByLabel("Email").FillAsync("ghost@example.com");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(new DesignerPage(page).Activity("profile").Locator(".activity[data-mark='error']")).ToHaveCountAsync(1);
        await Expect(new DesignerPage(page).Activity("userNotFound").Locator(".activity[data-mark='waiting']")).ToHaveCountAsync(1);
        await PictureAsync(page, "designer-try-failed");
    }

    /// <summary>What if the profile API is away? Of the draft: what nobody has published is drilled, by a run of what is.</summary>
    [Fact]
    public async Task WhatIf_ShowsWherePeopleEndUp_AndTheWayOnTheCanvas()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Designer, "/flows/login");
        var designer = new DesignerPage(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "What if", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "What if" });
        await Expect(panel.GetByLabel("Everything else as in").Locator("option:checked"))
            .ToHaveTextAsync(new Regex("^Run \\d+, completed$"));
        var profile = panel.GetByRole(AriaRole.Region, new() { Name = "When profile fails" });
        ILocator Row(string way) =>
            profile.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = way, Exact = true }) });
        await Expect(Row("404")).ToContainTextAsync("User Not Found");
        await Expect(Row("500")).ToContainTextAsync("Sign in, restarted once");
        await Expect(Row("timeout")).ToContainTextAsync("Something went wrong. Please try again.");
        await Expect(panel.GetByText("nobody is signed in after a failed call")).ToBeVisibleAsync();

        await Row("404").GetByRole(AriaRole.Cell).ClickAsync();
        await Expect(Row("404").GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(designer.Activity("profile").Locator(".activity[data-mark='error']")).ToHaveCountAsync(1);
        await Expect(designer.Activity("userNotFound").Locator(".activity[data-mark='waiting']")).ToHaveCountAsync(1);
        await ExpectAccessibleAsync(page, "what if");
        await PictureAsync(page, "designer-what-if");

        // By the keyboard too; and without the panel the canvas is as it was.
        await Row("429").GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(designer.Activity("signIn").Locator(".activity[data-mark='waiting']")).ToHaveCountAsync(1);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close What if" }).ClickAsync();
        await Expect(page.Locator(".activity[data-mark]")).ToHaveCountAsync(0);
    }

    /// <summary>A flow that nobody has run is drilled by a try of it, or by a case file; a hole is said to be one.</summary>
    [Fact]
    public async Task WhatIf_OfAFlowThatFailsOpen_NamesTheHole()
    {
        await using var flow = await AddAsync(
            """
            {"id":"open","name":"Open","start":"profile","activities":[
              {"id":"profile","type":"GenericHttp","connector":"profile-api","endpoint":"/users/ada",
                "outcomes":{"Away":["timeout"]}},
              {"id":"user","type":"SetUser","user":{"userId":"ada"}},
              {"id":"done","type":"End"}],
             "connections":[{"source":"profile","port":"Success","target":"user"},{"source":"profile","port":"Away","target":"user"},
              {"source":"user","port":"Done","target":"done"}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/open");
        await page.GetByRole(AriaRole.Button, new() { Name = "What if", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "What if" });
        await Expect(panel.GetByText("try the draft once")).ToBeVisibleAsync();

        var file = new FilePayload
        {
            Name = "open.case.json",
            MimeType = "application/json",
            Buffer = Encoding.UTF8.GetBytes("""{ "flow": "../open.flow.json", "expect": { "status": "completed" } }"""),
        };
        await panel.GetByLabel("Golden case").SetInputFilesAsync(file);

        var row = panel
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = "timeout", Exact = true }) });
        await Expect(row).ToContainTextAsync("signed in");
        await Expect(row).ToContainTextAsync("fails open");
        await Expect(panel.GetByText("1 of them signed in after a failed call")).ToBeVisibleAsync();
        await Expect(panel.GetByText("a sample stands in for the reply to: profile")).ToBeVisibleAsync();
        await PictureAsync(page, "designer-fails-open");
    }

    private async Task<OwnFlow> AddAsync(string definition) => await OwnFlow.AddAsync(await demo.ServerAsync(), definition);
}
