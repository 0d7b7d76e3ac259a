using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

public sealed class ElsaReaderTests
{
    private static readonly string Reference = Path.Combine(AppContext.BaseDirectory, "elsa-flowchart.json");

    [Fact]
    public void Read_FileWrittenByElsa_ReportsWhatHasNoEqualAndMapsTheRest()
    {
        var (flow, problems) = Read(File.ReadAllText(Reference));

        Assert.Equal(
            ["elsa.unsupported_activity /root/activities/0", "elsa.unsupported_activity /root/activities/1"],
            problems.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
        Assert.Contains("'database' has the type 'Bench.Database'", problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("'genericHttp' has the type 'Bench.GenericHttp'", problems[1].Message, StringComparison.Ordinal);

        Assert.Equal(("connector-flow-jsall", "ConnectorFlow-JsAll", "database"), (flow.Id, flow.Name, flow.Start));
        Assert.Equal(
            ["database", "genericHttp", "end-ok", "end-404", "end-429", "end-other", "is404", "is429"],
            flow.Activities.Select(activity => activity.Id)
        );
        Assert.Equal(
            ["Bench.Database", "Bench.GenericHttp", "End", "End", "End", "End", "Condition", "Condition"],
            flow.Activities.Select(activity => activity.Type)
        );
        Assert.Equal(
            """[{"outcome":"True","rules":[{"script":"connectors.genericHttp.statusCode === 404"}]}]""",
            flow.Activities[6].Json.Get("branches").ToJson()
        );
        Assert.Equal(
            ["is404.True>end-404", "is404.Else>is429", "is429.True>end-429", "is429.Else>end-other"],
            flow.Connections.Where(connection => connection.Source.StartsWith("is", StringComparison.Ordinal))
                .Select(connection => $"{connection.Source}.{connection.Port}>{connection.Target}")
        );
        Assert.Equal(
            """{"login":{"type":"string"},"path":{"type":"string"},"baseUrl":{"type":"string"}}""",
            flow.Json.Get("inputs").ToJson()
        );
        Assert.Equal("""{"x":1260,"y":-100,"size":{"width":154,"height":50}}""", flow.Json.Get("designer").Get("is404").ToJson());
        Assert.Equal("bench", flow.Json.Get("elsa").Get("customProperties").Get("owner").ToText());

        // Kept as Elsa wrote it, and given back like that.
        var original = FlowValue.Parse(File.ReadAllText(Reference)).Get("root").Get("activities");
        Assert.Equal(original.Get(0), flow.Activities[0].Json.Get("elsa"));
        var exported = ElsaWriter.Write(flow, 1).Get("root").Get("activities");
        Assert.Equal(original.Get(0), exported.Get(0));
        Assert.Equal(original.Get(1), exported.Get(1));
    }

    [Fact]
    public void Compile_FileWrittenByElsa_PointsIntoTheElsaFile()
    {
        var (flow, _) = Read(File.ReadAllText(Reference));
        var problems = FlowCompiler.Compile(flow, Corpus.Environment).Diagnostics;
        Assert.Equal(
            ["flow.unknown_type /root/activities/0/type", "flow.unknown_type /root/activities/1/type"],
            problems.Where(problem => problem.Severity == Severity.Error).Select(problem => $"{problem.Code} {problem.Pointer}")
        );
    }

    [Fact]
    public void Compile_ExportedFlowWithErrors_PointsAtTheInputs()
    {
        var flow = Corpus.Read(
            FlowValue.Parse(
                """
                { "id": "f", "start": "who", "activities": [
                  { "id": "odd", "type": "Screen", "screen": "none", "errorHandling": { "Odd": "custom" } },
                  { "id": "who", "type": "SetUser", "user": { "userId": "{{nowhere.x}}" } } ],
                  "connections": [ { "source": "who", "port": "Dome", "target": "nobody" } ],
                  "screens": [ { "id": "s", "components": [ { "type": "Buton" } ] } ], "durability": "never" }
                """
            )
        );
        var exported = ElsaWriter.Write(flow, 1).ToJson();
        var (back, _) = Read(exported);

        var problems = FlowCompiler
            .Compile(back, Corpus.Environment)
            .Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}")
            .ToList();
        Assert.Contains("template.unknown_root /root/activities/0/user/expression/value/userId", problems);
        Assert.Contains("flow.unknown_screen /root/activities/1/screen/expression/value", problems);
        Assert.Contains("flow.value /root/activities/1/customProperties/errorHandling/Odd", problems);
        Assert.Contains("flow.unknown_id /root/connections/0/target/activity", problems);
        Assert.Contains("flow.value /customProperties/screens/0/components/0/type", problems);
        Assert.Contains("flow.value /customProperties/durability", problems);
    }

    [Fact]
    public void Read_StartEndAndFinish_AreMapped()
    {
        var (flow, problems) = Read(
            Chart(
                """{ "id": "go", "type": "Elsa.Start" }, { "id": "a", "type": "Elsa.Finish", "name": "Bye" }, { "id": "b","""
                    + """ "type": "Elsa.End" }""",
                """{ "source": { "activity": "go", "port": "Done" }, "target": { "activity": "b" } }"""
            )
        );
        Assert.Empty(problems);
        Assert.Equal("b", flow.Start);
        Assert.Equal(
            """[{"id":"a","type":"End","metadata":{"elsa":{"type":"Elsa.Finish","name":"Bye"}}},{"id":"b","type":"End","metadata":"""
                + """{"elsa":{"type":"Elsa.End"}}}]""",
            flow.Json.Get("activities").ToJson()
        );
        Assert.NotNull(FlowCompiler.Compile(flow, Corpus.Environment).Plan);
    }

    [Theory]
    [InlineData(
        """{ "id": "a", "type": "Elsa.End" }, { "id": "b", "type": "Elsa.FlowDecision","""
            + """ "condition": { "expression": { "type": "Literal", "value": true } } }""",
        """{ "source": { "activity": "b", "port": "True" }, "target": { "activity": "a" } }""",
        "b"
    )]
    [InlineData(
        """{ "id": "a", "type": "Elsa.End" }, { "id": "b", "type": "Elsa.End", "customProperties": { "canStartWorkflow": true } }""",
        "",
        "b"
    )]
    [InlineData(
        """{ "id": "a", "type": "FlowEngine.Restart" }, { "id": "b", "type": "FlowEngine.Restart" }""",
        """{ "source": "a", "target": "b", "sourcePort": "x", "targetPort": "In" }, { "source": "b", "target": "a" }""",
        "a"
    )]
    public void Read_WithoutStart_FindsItAsElsaDoes(string activities, string connections, string start) =>
        Assert.Equal(start, Read(Chart(activities, connections)).Flow.Start);

    [Fact]
    public void Read_OlderShapes_AreUnderstood()
    {
        var (flow, problems) = Read(
            """
            { "definitionId": "old", "root": { "type": "Elsa.Flowchart",
              "activities": { "$id": "1", "$values": [ { "id": "a", "type": "FlowEngine.Odd",
              "x": { "expression": { "type": "Literal", "value": "{{nowhere}}" } } }, { "id": "b", "type": "Elsa.End" } ] },
              "connections": { "$values": [ { "source": "a", "target": "b", "sourcePort": "Out", "targetPort": "In" },
                { "source": "b", "target": "a", "sourcePort": "X" } ] } } }
            """
        );
        Assert.Equal(
            ["elsa.unsupported_connection /root/connections/$values/1/sourcePort"],
            problems.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
        Assert.Equal("""{"source":"a","port":"Out","target":"b"}""", flow.Json.Get("connections").Get(0).ToJson());
        Assert.Equal("/root/activities/$values/0/type", FlowCompiler.Compile(flow, Corpus.Environment).Diagnostics[0].Pointer);
    }

    [Fact]
    public void Read_Switch_BecomesACondition()
    {
        var (flow, problems) = Read(
            Chart(
                    """
                    { "id": "s", "type": "Elsa.FlowSwitch", "cases": [
                      { "label": "Big", "condition": { "type": "JavaScript",
                        "value": "getInput('n') > 3 && `${variables.connectors.a.b}`.length > getInput(\"odd name\").x" } },
                      { "label": "Else", "condition": { "type": "Literal", "value": "true" } } ] }, { "id": "e", "type": "Elsa.End" }
                    """,
                    """{ "source": { "activity": "s", "port": "Big" }, "target": { "activity": "e" } },"""
                        + """ { "source": { "activity": "s", "port": "Default" }, "target": { "activity": "e" } },"""
                        + """ { "source": { "activity": "s", "port": "Else" }, "target": { "activity": "e" } }"""
                )
                .Replace(
                    "\"definitionId\": \"chart\",",
                    """ "definitionId": "chart", "inputs": [ { "name": "n", "type": "Int32" }, { "name": "odd name","""
                        + """ "type": "Object" } ], """,
                    StringComparison.Ordinal
                )
        );
        Assert.Empty(problems);
        Assert.Equal(
            """[{"outcome":"Big","rules":[{"script":"client.n > 3 && `${connectors.a.b}`.length > client[\"odd name\"].x"}]},"""
                + """{"outcome":"Else (case)","rules":[{"script":"true"}]}]""",
            flow.Activities[0].Json.Get("branches").ToJson()
        );
        Assert.Equal(["Big", "Else", "Else (case)"], flow.Connections.Select(connection => connection.Port));
        // The chart is a switch alone: nothing in it writes what the switch reads.
        Assert.Equal(
            ["path.unknown"],
            FlowCompiler
                .Compile(flow, Corpus.Environment)
                .Diagnostics.Where(problem => problem.Severity == Severity.Error)
                .Select(problem => problem.Code)
        );
    }

    [Theory]
    [InlineData("JavaScript", "getVariable('x') == 1", "/root/activities/0/condition")]
    [InlineData("JavaScript", "variables[name] == 1", "/root/activities/0/condition")]
    [InlineData("JavaScript", "variables.counter == 1", "/root/activities/0/condition")]
    [InlineData("JavaScript", "getOutputFrom('a')", "/root/activities/0/condition")]
    [InlineData("JavaScript", "'never closed", "/root/activities/0/condition")]
    [InlineData("Liquid", "{{ Variables.x }}", "/root/activities/0/condition")]
    [InlineData("CSharp", "true", "/root/activities/0/condition")]
    [InlineData("Delegate", null, "/root/activities/0/condition")]
    public void Read_ConditionWithoutEqual_IsReportedAndNeverFalse(string type, string? source, string pointer)
    {
        var condition =
            $$"""{ "typeName": "Boolean", "expression": { "type": "{{type}}", "value": {{FlowValue.From(source).ToJson()}} } }""";
        var (flow, problems) = Read(
            Chart($$"""{ "id": "d", "type": "Elsa.FlowDecision", "condition": {{condition}} }, { "id": "e", "type": "Elsa.End" }""", "")
        );
        var problem = Assert.Single(problems);
        Assert.Equal(("elsa.unsupported_expression", pointer, Severity.Error), (problem.Code, problem.Pointer, problem.Severity));
        Assert.Contains("'d'", problem.Message, StringComparison.Ordinal);
        Assert.Equal(FlowValue.Parse(condition), flow.Activities[0].Json.Get("branches").Get(0).Get("rules").Get(0).Get("elsa"));
    }

    [Fact]
    public void Read_OutcomesThatElsaLeavesOpen_LeadToAnEnd()
    {
        var (flow, problems) = Read(
            Chart(
                """{ "id": "end", "type": "Elsa.FlowDecision", "condition": { "expression": { "type": "Literal", "value": false } } }""",
                ""
            )
        );
        Assert.Empty(problems);
        Assert.Equal(
            ["end.True>end2", "end.Else>end2"],
            flow.Connections.Select(connection => $"{connection.Source}.{connection.Port}>{connection.Target}")
        );
        Assert.DoesNotContain(FlowCompiler.Compile(flow, Corpus.Environment).Diagnostics, problem => problem.Severity == Severity.Error);
    }

    [Fact]
    public void Read_HttpRequest_BecomesGenericHttpAndSaysWhichConnectorToCreate()
    {
        var (flow, problems) = Read(
            """
            { "definitionId": "h", "variables": [ { "id": "v1", "name": "profile", "typeName": "Object" } ],
              "root": { "type": "Elsa.Flowchart", "activities": [
              { "url": { "typeName": "Uri", "expression": { "type": "JavaScript",
                "value": "`https://api.example.com:8443/users/${getInput('id')}?t=` + variables.user.tier" } },
                "method": { "expression": { "type": "Literal", "value": "post" } },
                "requestHeaders": { "expression": { "type": "Object", "value": "{\"x-a\": [\"1\", \"2\"]}" } },
                "authorization": { "expression": { "type": "JavaScript", "value": "'Bearer ' + getInput('token')" } },
                "contentType": { "expression": { "type": "Literal", "value": "application/json" } },
                "content": { "expression": { "type": "Literal", "value": "{\"a\": 1}" } },
                "expectedStatusCodes": { "expression": { "type": "Object", "value": "[200, 404]" } },
                "parsedContent": { "typeName": "Object", "memoryReference": { "id": "v1" } },
                "resilienceStrategy": { "expression": { "type": "Literal", "value": "x" } },
                "id": "call", "type": "Elsa.FlowSendHttpRequest" },
              { "id": "check", "type": "Elsa.FlowDecision",
                "condition": { "expression": { "type": "JavaScript", "value": "variables.profile.active" } } },
              { "id": "e", "type": "Elsa.End" } ],
              "connections": [
              { "source": { "activity": "call", "port": "200" }, "target": { "activity": "check" } },
              { "source": { "activity": "call", "port": "404" }, "target": { "activity": "e" } },
              { "source": { "activity": "call", "port": "Unmatched status code" }, "target": { "activity": "e" } },
              { "source": { "activity": "call", "port": "Timeout" }, "target": { "activity": "e" } },
              { "source": { "activity": "call", "port": "Failed to connect" }, "target": { "activity": "e" } },
              { "source": { "activity": "call", "port": "Done" }, "target": { "activity": "e" } } ] } }
            """
        );
        Assert.Equal(
            [
                "elsa.connector /root/activities/0/url",
                "elsa.unsupported_setting /root/activities/0/resilienceStrategy",
                "elsa.unsupported_connection /root/connections/5/source/port",
            ],
            problems.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
        Assert.Contains(
            """connectors/api.example.com-8443.connector.json with:"""
                + """ {"id":"api.example.com-8443","type":"http","name":"api.example.com:8443","configuration":"""
                + """{"baseUrl":"https://api.example.com:8443","followRedirects":true}}""",
            problems[0].Advice,
            StringComparison.Ordinal
        );

        var call = flow.Activities.Single(activity => activity.Id == "call").Json;
        Assert.Equal(
            """
            {"id":"call","type":"GenericHttp","connector":"api.example.com-8443","contextKey":"call","method":"POST",
            "endpoint":"/users/{{client.id}}?t={{user.tier}}","body":{"a":1},"bodyType":"json",
            "headers":{"x-a":"1, 2","authorization":"Bearer {{client.token}}"},"successStatusCodes":["200","404"],
            "errorHandling":{"Generic HTTP Error":"custom","Connector Execution":"custom"},
            "metadata":{"elsa":{"resilienceStrategy":{"expression":{"type":"Literal","value":"x"}},"type":"Elsa.FlowSendHttpRequest"}}}
            """.ReplaceLineEndings(""),
            FlowValue.From(call).ToJson()
        );
        Assert.EndsWith(
            "(connectors.call.body.active)",
            flow.Activities.Single(activity => activity.Id == "check")
                .Json.Get("branches")
                .Get(0)
                .Get("rules")
                .Get(0)
                .Get("script")
                .ToText(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                "call.Success>call-status",
                "call.Connector Execution>call-fault",
                "call-status.200>check",
                "call-status.404>e",
                "call.Generic HTTP Error>e",
                "call-fault.Timeout>e",
                "call-fault.Failed to connect>e",
                "call.Done>e",
                "check.True>end",
                "check.Else>end",
            ],
            flow.Connections.Select(connection => $"{connection.Source}.{connection.Port}>{connection.Target}")
        );
    }

    [Theory]
    [InlineData("JavaScript", "`${getInput('base')}/x`", "elsa.unsupported_activity")]
    [InlineData("JavaScript", "getConfig()", "elsa.unsupported_expression")]
    [InlineData("JavaScript", "1 + 2", "elsa.unsupported_expression")]
    [InlineData("Literal", "ftp://example.com/x", "elsa.unsupported_activity")]
    [InlineData("Literal", "https://user:secret@example.com/", "elsa.unsupported_activity")]
    public void Read_HttpRequestWithoutFixedOrigin_IsKept(string type, string url, string code)
    {
        var (flow, problems) = Read(
            Chart(
                $$"""{ "id": "h", "type": "Elsa.SendHttpRequest", "url": { "expression": { "type": "{{type}}","""
                    + $$""" "value": {{FlowValue.From(url).ToJson()}} } } }""",
                ""
            )
        );
        Assert.Equal(code, Assert.Single(problems).Code);
        Assert.Equal("Elsa.SendHttpRequest", flow.Activities[0].Json.Get("elsa").Get("type").ToText());
    }

    [Fact]
    public void Read_HttpRequestThatHoldsActivities_IsKept()
    {
        var (flow, problems) = Read(
            Chart(
                """{ "id": "h", "type": "Elsa.SendHttpRequest", "url": { "expression": { "type": "Literal","""
                    + """ "value": "https://example.com" } }, "expectedStatusCodes": [ { "statusCode": 200, "activity": { "id": "inner","""
                    + """ "type": "Elsa.WriteLine" } } ] }""",
                ""
            )
        );
        Assert.Equal("elsa.unsupported_activity", Assert.Single(problems).Code);
        Assert.Equal("inner", flow.Activities[0].Json.Get("elsa").Get("expectedStatusCodes").Get(0).Get("activity").Get("id").ToText());
    }

    [Theory]
    [InlineData("JavaScript", "getInput('a').b[0]", "{{client.a.b[0]}}")]
    [InlineData("JavaScript", "'x' + variables.form.email + \"y\"", "x{{form.email}}y")]
    [InlineData("JavaScript", "'{{no template}}'", "\\{{no template}}")]
    [InlineData("JavaScript", "42", "42")]
    [InlineData("Input", "a", "{{client.a}}")]
    [InlineData("Variable", "user", "{{user}}")]
    public void Read_OwnActivityWithAnExpressionOfElsa_BecomesATemplate(string type, string source, string expected)
    {
        var (flow, problems) = Read(
            Chart(
                $$"""{ "id": "e", "type": "FlowEngine.End", "outputs": { "expression": { "type": "{{type}}","""
                    + $$""" "value": {{FlowValue.From(source).ToJson()}} } } }""",
                ""
            )
        );
        Assert.Empty(problems);
        Assert.Equal(expected, flow.Activities[0].Json.Get("outputs").ToText());
    }

    [Fact]
    public void Read_FileSavedAgainByElsa_HasNoNewProblem()
    {
        // Elsa adds canStartWorkflow and runAsynchronously to every activity when it saves a definition.
        var exported = ElsaWriter.Write(Corpus.Read(Corpus.Flows["everything"]), 3).ToJson();
        var saved = exported
            .Replace(
                "\"customProperties\":{",
                "\"customProperties\":{\"canStartWorkflow\":false,\"runAsynchronously\":false,",
                StringComparison.Ordinal
            )
            .Replace(",}", "}", StringComparison.Ordinal);
        var (flow, problems) = Read(saved);
        Assert.Empty(problems);
        Assert.Equal(Corpus.Flows["everything"].Get("activities"), flow.Json.Get("activities"));
    }

    [Theory]
    [InlineData("[]", "flow.type", "")]
    [InlineData("{}", "flow.required", "/root")]
    [InlineData(
        """{ "root": { "type": "Elsa.Sequence", "id": "s", "activities": [ { "id": "x" } ] } }""",
        "elsa.unsupported_activity",
        "/root/activities/0"
    )]
    [InlineData("""{ "root": { "type": "Elsa.Sequence", "id": "s", "activities": [] } }""", "elsa.unsupported_activity", "/root")]
    [InlineData(
        """{ "root": { "type": "Elsa.Fork", "id": "s", "activities": [ { "id": "x" } ] } }""",
        "elsa.unsupported_activity",
        "/root"
    )]
    public void Read_WhatIsNoFlowchart_IsReported(string json, string code, string pointer)
    {
        var problems = new DiagnosticBag();
        ElsaReader.Read(FlowValue.Parse(json), null, problems);
        Assert.Contains(problems.Items, problem => (problem.Code, problem.Pointer) == (code, pointer));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{ \"$values\": [] }")]
    public void Read_EmptyChartWithoutId_IsReportedInElsasWords(string activities)
    {
        var (_, problems) = Read($$"""{ "root": { "type": "Elsa.Flowchart", "activities": {{activities}} } }""");
        Assert.Equal(
            ["/definitionId The workflow definition has no definitionId.", "/root/activities The flowchart has no activities."],
            problems.Select(problem => $"{problem.Pointer} {problem.Message}")
        );
    }

    [Fact]
    public void Write_SpecExample_HasTheShapeOfElsa()
    {
        var written = ElsaWriter.Write(Corpus.Read(Corpus.Flows["login"]), 4);
        Assert.Equal(
            ("login", "Sign in with profile lookup", "4"),
            (written.Get("definitionId").ToText(), written.Get("name").ToText(), written.Get("version").ToText())
        );
        var profile = written.Get("root").Get("activities").Get(2);
        profile.TryGetObject(out var members);
        Assert.Equal(
            [
                "connector",
                "contextKey",
                "method",
                "endpoint",
                "headers",
                "id",
                "nodeId",
                "name",
                "type",
                "version",
                "customProperties",
                "metadata",
            ],
            members!.Shape.Names.ToArray()
        );
        Assert.Equal(
            """{"typeName":"String","expression":{"type":"Literal","value":"/users/{{connectors.db.first.id}}"}}""",
            profile.Get("endpoint").ToJson()
        );
        Assert.Equal(
            """{"typeName":"Object","expression":{"type":"Object","value":{"x-user-tier":"{{connectors.db.first.tier}}"}}}""",
            profile.Get("headers").ToJson()
        );
        Assert.Equal(("Workflow1:flow:profile", "FlowEngine.GenericHttp"), (profile.Get("nodeId").ToText(), profile.Get("type").ToText()));
        Assert.Equal(
            """{"x":0,"y":0}""",
            written.Get("root").Get("activities").Get(0).Get("metadata").Get("designer").Get("position").ToJson()
        );
        Assert.Equal(
            """{"source":{"activity":"signIn","port":"submit"},"target":{"activity":"lookup"},"vertices":[]}""",
            written.Get("root").Get("connections").Get(0).ToJson()
        );
        Assert.Equal(Corpus.Flows["login"].Get("screens"), written.Get("customProperties").Get("screens"));
        Assert.True(written.Get("root").Get("start").IsMissing);
    }

    [Fact]
    public void Load_ElsaFile_IsReadLikeAFlowFile()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "login.elsa.json");
            File.WriteAllText(path, ElsaWriter.Write(Corpus.Read(Corpus.Flows["login"]), 1).ToJson());
            var problems = new DiagnosticBag();
            var flow = FlowFile.Load(path, problems)!;
            Assert.Empty(problems.Items);
            Assert.Equal(Corpus.Flows["login"], FlowValue.From(flow.Json));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("a.flow.json", true)]
    [InlineData("x/a.ELSA.json", true)]
    [InlineData("flow.schema.json", false)]
    [InlineData("a.connector.json", false)]
    public void IsFlowFile_Path_GoesByItsExtension(string path, bool expected) => Assert.Equal(expected, FlowFile.IsFlowFile(path));

    private static string Chart(string activities, string connections) =>
        $$"""{ "definitionId": "chart", "root": { "type": "Elsa.Flowchart", "activities": [ {{activities}} ],"""
        + $$""" "connections": [ {{connections}} ] } }""";

    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string json)
    {
        var problems = new DiagnosticBag();
        var flow = ElsaReader.Read(FlowValue.Parse(json), null, problems);
        return (flow!, problems.Items);
    }
}
