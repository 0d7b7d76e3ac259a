using FlowEngine.AspNetCore.Web.Runtime;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>Shared and immutable: the named types of the API, in the notation of <see cref="TypeText"/>.</summary>
internal static class ApiTypes
{
    /// <summary>Name and type of each, in the order of the document.</summary>
    public static IReadOnlyList<(string Name, string Type)> All { get; } =
    [
        (
            "Problem",
            "{ type: string, title: string, status: integer, detail: string, errorCode: string, errorDescription: string, errorMessage: string, diagnostics?: Diagnostic[], current?: any, usedBy?: string[], executionId?: string, reference?: string | null, message?: string, output?: map<any> }"
        ),
        (
            "Diagnostic",
            """{ file: string | null, pointer: string, code: string, severity: "error" | "warning", message: string, advice: string, line?: integer, meant?: { path: string, part: integer, name: string } }"""
        ),
        ("Form", "map<any>"),
        (
            "StartRequest",
            "{ flowId: string, options?: { client?: map<any>, redirectUrl?: string, locale?: string }, interactionId?: string, input?: Form, version?: integer }"
        ),
        ("NextRequest", "{ executionId: string, stepId: string, interactionId: string, input?: Form, version?: integer }"),
        (
            "Component",
            """
            { type: string, id?: string, name?: string, label?: string, text?: string, variant?: string, placeholder?: string, default?: string, required?: boolean, sensitive?: boolean, minLength?: integer, maxLength?: integer,
              pattern?: string, options?: { value: string, text: string }[], href?: string, src?: string, alt?: string }
            """
        ),
        ("Screen", "{ id: string, title: string, components: Component[], state: { form: Form, errorText: string } }"),
        ("User", "{ userId: string, loginId?: string, email?: string, name?: string, customAttributes?: map<any> }"),
        ("AuthInfo", "{ sessionJwt: string, refreshJwt: string, user: User, claims: map<any>, sessionExpiration: integer }"),
        ("RunError", "{ code: string, message: string }"),
        (
            "FlowAnswer",
            """
            { executionId: string, stepId: string, stepName: string, status: "waiting" | "running" | "completed" | "refused" | "failed" | "cancelled", action: "screen" | "none",
              screen?: Screen, html?: string, message?: string, error?: RunError, reference?: string, authInfo?: AuthInfo, output?: map<any> }
            """
        ),
        ("KeySet", """{ keys: { kty: "EC", crv: "P-256", x: string, y: string, kid: string, use: "sig", alg: "ES256" }[] }"""),
        ("CodeExchange", "{ executionId: string, flowId: string, authInfo?: AuthInfo, output: map<any> }"),
        ("Role", """ "viewer" | "designer" | "admin" """),
        (
            "Session",
            "{ user: { name: string, role: Role } | null, csrfToken?: string, setupRequired: boolean, project: string, version: string }"
        ),
        ("Person", "{ name: string, role: Role, createdAt: time, updatedAt: time }"),
        (
            "QueuedCall",
            "{ id: string, status: \"queued\" | \"dead\", connector: string, flow: string, activity: string, run: integer | null, size: integer, deliveries: integer, error: any, createdAt: time, dueAt: time | null }"
        ),
        ("AuditEntry", "{ number: integer, at: time, actor: string, action: string, subject: string, detail: any }"),
        (
            "ComponentType",
            """
            { type: string, description: string, icon?: string, input?: "line" | "yesOrNo" | "choice", secret?: boolean, interaction?: boolean,
              takesEnter?: boolean, showsErrors?: boolean, new: map<any>, sample?: any, settings: Setting[] }
            """
        ),
        (
            "Setting",
            """
            { name: string, kind: "text" | "template" | "jsonTemplate" | "templateMap" | "json" | "integer" | "number" | "boolean" | "choice" | "secret" | "duration" | "url" | "object" | "jsonObject" | "list" | "map", description: string, required: boolean, label?: string, section?: string, folded?: boolean,
              when?: { setting: string, is: string[], unlessGiven?: boolean, required?: boolean }, initial?: any, outcomes?: { from: "elements" | "screen" | "flow" | "given", name?: string }, warnsWhen?: any,
              default?: any, choices?: string[], options?: { value: any, label: string, description: string }[], minimum?: number, maximum?: number, unit?: string, editor?: string, secretsStay?: boolean, rare?: boolean, element?: Setting, definition?: string }
            """
        ),
        (
            "ActivityType",
            """
            { type: string, description: string, category: string, outcomes: string[], optionalOutcomes: string[], errorEvents: string[], mayIgnoreErrors: boolean, canRunInParallel: boolean, mayShare: boolean,
              waits: boolean, enters: boolean, ends: boolean, clears: string[], writes: { path: string, description: string, membersOf?: string }[], icon: string,
              tone: "screen" | "http" | "data" | "logic" | "script" | "user" | "end", stem: string, summary?: string, trace?: string, reply?: Setting[], settings: Setting[] }
            """
        ),
        (
            "DesignerSchema",
            """
            { activities: ActivityType[],
              connectors: { type: string, settings: Setting[] }[], options: Setting[], components: ComponentType[], operators: { name: string, takesValue: boolean }[], definitions: map<Setting[]>, advice: map<string>, flow: object, connector: object }
            """
        ),
        (
            "FlowHead",
            "{ id: string, name: string, publishedVersion: integer | null, access: string | null, updatedAt: time, draftRevision: integer | null, usedBy: string[] }"
        ),
        (
            "Flow",
            """
            { id: string, name: string, published: { version: integer, definition: object, note: string, author: string, publishedAt: time } | null,
              draft: { revision: integer, definition: object, author: string, updatedAt: time } | null, usedBy: string[] }
            """
        ),
        ("FlowVersion", "{ version: integer, note: string, author: string, publishedAt: time, isPublished: boolean, definition?: object }"),
        (
            "Change",
            """
            { change: "added" | "removed" | "changed", kind: "flow" | "activity" | "connection" | "screen" | "component" | "setting", of?: "activity" | "connection" | "screen", id: string, name?: string, setting?: string, before?: any, after?: any }
            """
        ),
        (
            "TryRequest",
            "{ definition: object, client?: map<any>, answers?: { screen?: string, interaction: string, form?: Form }[], replies?: map<any[]>, continue?: string }"
        ),
        (
            "TryAnswer",
            "{ status: string, path: string[], screen?: Screen, message?: string, error?: any, outputs: any, claims: any, user: any, context: any, trace: Step[], continue?: string }"
        ),
        (
            "ConnectorHead",
            "{ id: string, type: string, name: string, description: string, revision: integer, author: string, updatedAt: time, warnings: string[], usedBy: string[] }"
        ),
        (
            "Connector",
            "{ id: string, definition: object, actual?: object, revision: integer, author: string, updatedAt: time, warnings: string[], usedBy: string[] }"
        ),
        (
            "ConnectorTrial",
            """
            { method?: string, endpoint?: string, query?: map<string>, headers?: map<string>, body?: any, bodyType?: "json" | "form" | "text" | "none", context?: object, definition?: object }
            """
        ),
        ("RunStatus", """ "running" | "waiting" | "completed" | "refused" | "failed" | "cancelled" | "expired" """),
        (
            "RunFault",
            """{ code: string, activity: string, connector: string | null, handled: "automatic" | "custom" | "ignore" | "failed", count: integer }"""
        ),
        (
            "Run",
            """
            { id: string | null, number: integer, flowId: string, flowVersion: integer, status: RunStatus, shortReference: string, person: string | null, reference: string | null,
              screen: { id: string, title: string, activity: string } | null, errorCode: string | null, errorCount: integer, errors: RunFault[], workedMs: integer | null,
              createdAt: time, updatedAt: time, expiresAt: time }
            """
        ),
        (
            "RunDetail",
            """
            { id: string | null, number: integer, flowId: string, flowVersion: integer, status: RunStatus, shortReference: string, person: string | null, reference: string | null,
              screen: { id: string, title: string, activity: string } | null, errorCode: string | null, errorCount: integer, errors: RunFault[], workedMs: integer | null,
              createdAt: time, updatedAt: time, expiresAt: time, trace: Step[], valuesHidden: boolean, definition: object | null }
            """
        ),
        (
            "Step",
            "{ activity: string, type: string, startedAt: time, durationMs: number, outcome?: string, input?: any, output?: any, message?: string, queued?: boolean, delivery?: boolean, dropped?: integer, writes?: string[], submittedAt?: time, client?: any, warnings?: { code: string, message: string }[], error?: any, children?: Step[], truncated?: boolean }"
        ),
    ];
}
