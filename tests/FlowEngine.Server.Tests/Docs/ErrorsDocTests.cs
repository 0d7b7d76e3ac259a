using System.Text;
using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.Errors;
using FlowEngine.Server.Cli;
using FlowEngine.Server.Hosting;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>docs/errors.md is what the code says. FLOWENGINE_UPDATE_DOCS=1 writes it anew.</summary>
public sealed class ErrorsDocTests
{
    private static readonly (string Title, IReadOnlyList<ErrorCode> Codes)[] Catalogues =
    [
        .. ErrorCatalogues.All,
        ("The command line", ErrorCatalogue.Of(typeof(CliErrors))),
    ];

    [Fact]
    public void ErrorsDoc_IsWhatTheCodeSays()
    {
        var file = Path.Combine(Repository.Root, "docs", "errors.md");
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            File.WriteAllText(file, Page());

        Assert.Equal(Page(), File.ReadAllText(file));
    }

    [Fact]
    public void Codes_AreUniqueAndSayWhatToDo()
    {
        var codes = Catalogues.SelectMany(catalogue => catalogue.Codes).ToList();

        Assert.Equal(codes.Count, codes.Select(code => code.Code).Distinct().Count());
        Assert.All(
            codes,
            code =>
            {
                Assert.Matches(@"\A[a-z]+\.[a-z0-9_]+\z", code.Code);
                Assert.EndsWith(".", code.Meaning, StringComparison.Ordinal);
                Assert.EndsWith(".", code.Advice, StringComparison.Ordinal);
            }
        );
    }

    private static string Page()
    {
        var page = new StringBuilder(
            """
            # Error codes

            Codes never change once they are released: flows branch on them (`error.code`), scripts and dashboards count them. Problems
            of files (`flowengine validate`, publishing) come with file, JSON Pointer, severity and advice; errors of runs stand in `error.*` of
            the context, in the trace, and at `connectors.<key>.error`.
            This page is checked against the code by a test.

            """.ReplaceLineEndings("\n")
        );
        foreach (var (title, codes) in Catalogues)
        {
            page.Append($"\n## {title}\n\n| code | what happened | what to do |\n|---|---|---|\n");
            foreach (var code in codes.OrderBy(code => code.Code, StringComparer.Ordinal))
                page.Append($"| `{code.Code}` | {Escape(code.Meaning)} | {Escape(code.Advice)} |\n");
        }
        return page.ToString();
    }

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
