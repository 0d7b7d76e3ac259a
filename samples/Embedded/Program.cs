// A shop with a page of its own, and FlowEngine under /auth: its two lines are AddFlowEngine and MapFlowEngine.
// The rest stands for what a shop has anyway: a database of people and an API, which the flows of this repository's demo ask.
using Microsoft.Data.Sqlite;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:5080");
var flows = builder.Configuration["FlowEngine:Flows"] ??= Path.Combine(AppContext.BaseDirectory, "flows");
builder.Configuration["FlowEngine:Data"] ??= Path.Combine(AppContext.BaseDirectory, "data");

// The shop's API is on this very machine, where connectors call nobody unless they may.
builder.Services.AddFlowEngine(options => options.Egress.AllowPrivateNetworks = true);

var app = builder.Build();
app.MapFlowEngine("/auth");
app.MapGet("/", () => Results.Content("<h1>The shop</h1><p><a href='/auth/login/login'>Sign in</a>", "text/html; charset=utf-8"));
app.MapGet(
    "/demo/users/{id}",
    (string id, HttpResponse response) =>
    {
        response.Headers["x-region"] = "eu-west-1";
        return id switch
        {
            "ada" => Results.Json(new { id, name = "Ada Lovelace" }),
            "busy" => Results.StatusCode(StatusCodes.Status429TooManyRequests),
            "broken" => Results.StatusCode(StatusCodes.Status500InternalServerError),
            _ => Results.NotFound(),
        };
    }
);

Directory.CreateDirectory(Path.Combine(flows, "connectors", "demo"));
using (var people = new SqliteConnection($"Data Source={Path.Combine(flows, "connectors", "demo", "people.db")};Pooling=False"))
{
    people.Open();
    var names = string.Join(',', new[] { "ada", "ghost", "busy", "broken" }.Select(id => $"('{id}', '{id}@example.com', 'gold')"));
    const string Table = "create table if not exists users (id text primary key, email text, tier text)";
    new SqliteCommand($"{Table}; insert or ignore into users values {names}", people).ExecuteNonQuery();
}
app.Run();
