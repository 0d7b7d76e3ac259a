// A program with Elsa in it, whose workflow asks our Database, calls an API with our GenericHttp, branches with Elsa's FlowSwitch on what
// that wrote, and answers with Elsa's WriteHttpResponse:
//
//   ELSA_FEED=… dotnet run --project samples/ElsaHost -p:ElsaReferences=packages
//   curl -i 'http://127.0.0.1:5085/workflows/profile?email=ada@example.com'      200; eve: 404, bob: 429, dan: 502
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Models;
using Microsoft.Data.Sqlite;

Directory.SetCurrentDirectory(AppContext.BaseDirectory);
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:5085");
builder.Services.AddElsa(elsa =>
    elsa.UseJavaScript()
        .UseHttp(http =>
            http.ConfigureHttpOptions = options =>
            {
                options.BaseUrl = new Uri("http://127.0.0.1:5085");
                options.BasePath = "/workflows";
            }
        )
        .AddFlowEngineActivities(options =>
        {
            options.AddConnectors("connectors");
            // The API is this program itself: without this, no connector reaches a loopback address.
            options.Http = new() { Egress = new() { AllowPrivateNetworks = true } };
        })
);
var app = builder.Build();
app.UseWorkflows();

// What the workflow calls: an API that knows Ada, is busy for Bob, and broken for Dan.
app.MapGet(
    "/profiles/{id}",
    (string id) =>
        id switch
        {
            "ada" => Results.Json(new { name = "Ada Lovelace", tier = "gold" }),
            "bob" => Results.StatusCode(429),
            "dan" => Results.StatusCode(503),
            _ => Results.NotFound(),
        }
);
await using (var people = new SqliteConnection("Data Source=connectors/people.db"))
{
    await people.OpenAsync();
    await using var command = people.CreateCommand();
    command.CommandText =
        "drop table if exists users; create table users (id text, email text); insert into users values "
        + "('ada', 'ada@example.com'), ('bob', 'bob@example.com'), ('dan', 'dan@example.com'), ('eve', 'eve@example.com')";
    await command.ExecuteNonQueryAsync();
}

await app.StartAsync();
await using (var scope = app.Services.CreateAsyncScope())
{
    var json = await File.ReadAllTextAsync("profile.elsa.json");
    var model = scope.ServiceProvider.GetRequiredService<IApiSerializer>().Deserialize<WorkflowDefinitionModel>(json);
    var importer = scope.ServiceProvider.GetRequiredService<IWorkflowDefinitionImporter>();
    await importer.ImportAsync(new SaveWorkflowDefinitionRequest { Model = model, Publish = true });
}
await app.WaitForShutdownAsync();
