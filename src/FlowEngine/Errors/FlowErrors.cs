namespace FlowEngine.Errors;

/// <summary>Shared and immutable: the codes of the engine itself. Connectors have catalogues of their own.</summary>
public static class FlowErrors
{
    // Files and their shape.

    /// <summary>The file is not JSON.</summary>
    public static readonly ErrorCode Json = new("flow.json", "The file is not valid JSON.", "Correct the syntax at the place named.");

    /// <summary>The file cannot be read.</summary>
    public static readonly ErrorCode File = new("flow.file", "The file cannot be read.", "Check the path and the permissions.");

    /// <summary>A file of another kind.</summary>
    public static readonly ErrorCode FileKind = new(
        "flow.file_kind",
        "The file holds something else than what is asked for, such as a connector instead of a flow.",
        "Choose the right file."
    );

    /// <summary>A name that occurs twice in one object.</summary>
    public static readonly ErrorCode DuplicateKey = new(
        "flow.duplicate_key",
        "A name occurs twice in one object.",
        "Remove or rename one of the two."
    );

    /// <summary>A member has the wrong JSON type.</summary>
    public static readonly ErrorCode Type = new("flow.type", "A member has the wrong JSON type.", "Write the type that the message names.");

    /// <summary>A required member is missing or empty.</summary>
    public static readonly ErrorCode Required = new("flow.required", "A required member is missing or empty.", "Add it.");

    /// <summary>A value is not one of the allowed ones.</summary>
    public static readonly ErrorCode Value = new(
        "flow.value",
        "A value is not allowed here.",
        "Use one of the values that the message names."
    );

    /// <summary>A number or text is outside its limits.</summary>
    public static readonly ErrorCode Range = new(
        "flow.range",
        "A value is outside its limits.",
        "Stay within the limits that the message names."
    );

    /// <summary>An unknown setting.</summary>
    public static readonly ErrorCode UnknownSetting = new(
        "flow.unknown_setting",
        "The setting does not exist; it is kept but has no effect.",
        "Correct its name or remove it."
    );

    /// <summary>An id that is not allowed.</summary>
    public static readonly ErrorCode Id = new(
        "flow.id",
        "An id has characters that ids may not have.",
        "Use letters, digits, '-', '_' and '.', at most 100, beginning with a letter or digit."
    );

    // The graph.

    /// <summary>An unknown activity type.</summary>
    public static readonly ErrorCode UnknownType = new(
        "flow.unknown_type",
        "The activity type does not exist.",
        "Use one of the types that the message names, or register your own."
    );

    /// <summary>The same id twice.</summary>
    public static readonly ErrorCode DuplicateId = new("flow.duplicate_id", "Two things have the same id.", "Rename one of them.");

    /// <summary>A connection or the start names an activity that does not exist.</summary>
    public static readonly ErrorCode UnknownId = new("flow.unknown_id", "No activity has this id.", "Correct the id or add the activity.");

    /// <summary>A port that the activity does not have.</summary>
    public static readonly ErrorCode UnknownPort = new(
        "flow.unknown_port",
        "The activity does not have this outcome.",
        "Use one of the outcomes that the message names."
    );

    /// <summary>An outcome that no connection leaves.</summary>
    public static readonly ErrorCode Unconnected = new(
        "flow.unconnected",
        "An outcome has no connection.",
        "Connect it to the activity that comes next."
    );

    /// <summary>Two connections from one port.</summary>
    public static readonly ErrorCode DuplicateConnection = new(
        "flow.duplicate_connection",
        "Two connections leave the same port.",
        "Remove one of them; use Parallel to do two things at once."
    );

    /// <summary>An activity that no path reaches.</summary>
    public static readonly ErrorCode Unreachable = new("flow.unreachable", "No path reaches the activity.", "Connect it or remove it.");

    /// <summary>A loop without a screen.</summary>
    public static readonly ErrorCode Loop = new(
        "flow.loop",
        "A loop has no screen in it and may run into the step limit.",
        "Put a screen or a condition that ends it into the loop."
    );

    /// <summary>A stretch between two screens that may take long.</summary>
    public static readonly ErrorCode Waits = new(
        "flow.waits",
        "A person may wait longer for the next screen than the flow's time budget allows, or than 20 s where it has none.",
        "Shorten timeouts and retries, ask at once with Parallel, or set \"timeBudget\"; flowengine validate --waits shows all stretches."
    );

    /// <summary>A failure that nothing names leads to a token.</summary>
    public static readonly ErrorCode FailsOpen = new(
        "flow.fails_open",
        "A failure that nothing names leads to an End that issues a token: a check that failed would sign people in.",
        "Name the failure by an outcome or a condition, let the error be automatic, or list it in the flow's \"accepts\"."
    );

    /// <summary>An accepted failure that the flow cannot have.</summary>
    public static readonly ErrorCode Accepts = new(
        "flow.accepts",
        "An entry of \"accepts\" names no failure that the flow can have.",
        "Write \"<activity>: <how it fails>\", such as \"profile: timeout\", or remove it."
    );

    /// <summary>A link in a text that is none.</summary>
    public static readonly ErrorCode TextLink = new(
        "screen.link",
        "A link in a text leads nowhere.",
        "Write [words](https://…), an address of http or https, or one of the same server such as /terms, without {{ }}."
    );

    /// <summary>A rule of <c>showIf</c> that a page could not decide as the server does.</summary>
    public static readonly ErrorCode ShowIf = new(
        "screen.show_if",
        "When a component is shown cannot be decided while the screen is filled in.",
        "Ask for inputs that stand above it and are no secrets, with a fixed value and one of the operators that the message names; no scripts."
    );

    /// <summary>Containers in containers in containers.</summary>
    public static readonly ErrorCode ContainerDepth = new(
        "screen.depth",
        "Containers nest too deeply.",
        "Flatten them: a row of columns is two."
    );

    /// <summary>No screen of that id.</summary>
    public static readonly ErrorCode UnknownScreen = new(
        "flow.unknown_screen",
        "No screen has this id.",
        "Correct the id or add the screen."
    );

    /// <summary>An unknown connector, or one of another type.</summary>
    public static readonly ErrorCode UnknownConnector = new(
        "flow.unknown_connector",
        "No connector of the right type has this id.",
        "Correct the id or add the connector file."
    );

    /// <summary>A connector that is switched off.</summary>
    public static readonly ErrorCode ConnectorDisabled = new(
        "flow.connector_disabled",
        "The flow uses a connector that is switched off.",
        "Switch it on (disabled), or let the flow do without: its calls end with http.disabled or db.disabled."
    );

    /// <summary>An unknown subflow.</summary>
    public static readonly ErrorCode UnknownFlow = new("flow.unknown_flow", "No flow has this id.", "Correct the id or add the flow file.");

    /// <summary>A subflow that cannot be compiled.</summary>
    public static readonly ErrorCode SubflowInvalid = new(
        "flow.subflow_invalid",
        "The subflow has errors of its own.",
        "Correct the subflow first."
    );

    /// <summary>Subflows that call each other, or nest too deeply.</summary>
    public static readonly ErrorCode SubflowNesting = new(
        "flow.subflow_nesting",
        "Subflows form a cycle or nest more than 10 deep.",
        "Remove the cycle or flatten the flows."
    );

    /// <summary>An activity that may not run in parallel.</summary>
    public static readonly ErrorCode Parallel = new(
        "flow.parallel",
        "The activity cannot run inside Parallel or ForEach.",
        "Use GenericHttp, Database, Scriptlet or a Subflow without screens, each with its own context key."
    );

    /// <summary>ForEach without a list, at run time.</summary>
    public static readonly ErrorCode ItemsMissing = new(
        "foreach.items_missing",
        "The items of a ForEach are null or missing.",
        "Put what gives the list before it, or ask with \"not-empty\" first; an empty list is no error."
    );

    /// <summary>ForEach over something else than a list, at run time.</summary>
    public static readonly ErrorCode ItemsType = new(
        "foreach.items_type",
        "The items of a ForEach are no list.",
        "Let \"items\" name an array; of an object, a Scriptlet makes one."
    );

    /// <summary>ForEach over too many items, at run time.</summary>
    public static readonly ErrorCode ItemsTooMany = new(
        "foreach.too_many",
        "A ForEach has more items than it may go through, so it went through none.",
        "Ask for fewer, or raise \"atMost\" (10,000 at most)."
    );

    /// <summary>An item that was not done because another one failed.</summary>
    public static readonly ErrorCode ItemStopped = new(
        "foreach.stopped",
        "The item was not done, or not to its end: another item failed before.",
        "Look for the item that failed; \"onError\": \"collect\" goes through all."
    );

    /// <summary>A flow that is too large.</summary>
    public static readonly ErrorCode TooLarge = new(
        "flow.too_large",
        "The flow, or a part of it, is larger than the engine takes.",
        "Stay within the limit that the message names; split the flow into subflows."
    );

    /// <summary>More problems than are told.</summary>
    public static readonly ErrorCode TooManyProblems = new(
        "flow.too_many_problems",
        "There are more problems than are listed: 1,000, or 1,000,000 characters.",
        "Correct those that are listed and look again."
    );

    /// <summary>A path whose value nothing gives.</summary>
    public static readonly ErrorCode UnknownPath = new(
        "path.unknown",
        "Nothing on any way to where a path is read gives its value.",
        "Correct the path, declare the input, or put what writes it before what reads it."
    );

    /// <summary>A path whose value only some ways give.</summary>
    public static readonly ErrorCode MaybePath = new(
        "path.maybe",
        "Only some of the ways to where a path is read give its value.",
        "Say what stands in, {{path ?? \"fallback\"}}, ask with \"empty\" or \"not-empty\" first, or write it on every way."
    );

    /// <summary>Inputs are taken that nobody declared.</summary>
    public static readonly ErrorCode UndeclaredInputs = new(
        "flow.undeclared_inputs",
        "The flow takes inputs that it does not declare. The next release takes none.",
        "Declare them under \"inputs\" and on the screens, and remove \"undeclaredInputs\"."
    );

    /// <summary>A Subflow gives an input that its flow does not declare.</summary>
    public static readonly ErrorCode SubflowInput = new(
        "flow.subflow_input",
        "The flow does not declare an input that a Subflow activity gives it: it is dropped.",
        "Declare it under \"inputs\" of that flow, or remove it here."
    );

    // Templates, conditions, scripts, claims.

    /// <summary>A bad template.</summary>
    public static readonly ErrorCode Template = new(
        "template.syntax",
        "A template is not well-formed.",
        "Write {{path}}, {{path ?? \"fallback\"}} or {{path | function}}."
    );

    /// <summary>A function that templates do not have.</summary>
    public static readonly ErrorCode TemplateFunction = new(
        "template.function",
        "A template calls a function that does not exist.",
        "Use one of the functions that the message names, or a Scriptlet."
    );

    /// <summary>Arguments that a function of a template does not take.</summary>
    public static readonly ErrorCode TemplateArguments = new(
        "template.arguments",
        "A function in a template has arguments that it does not take.",
        "Follow the message; flows/README.md has all functions."
    );

    /// <summary>A value that a function of a template cannot take, at run time.</summary>
    public static readonly ErrorCode TemplateInput = new(
        "template.input",
        "A function in a template cannot take the value that it got; nothing was put in its place.",
        "Give it a value of the kind that the message names, or add a fallback: {{path | function ?? \"fallback\"}}."
    );

    /// <summary>A path with an unknown root.</summary>
    public static readonly ErrorCode TemplateRoot = new(
        "template.unknown_root",
        "A path begins with a root that does not exist.",
        "Begin with form, client, user, connectors, scripts, claims, flow, device or error."
    );

    /// <summary>A template where none may stand.</summary>
    public static readonly ErrorCode TemplateForbidden = new("template.forbidden", "A template may not stand here.", "Write a fixed text.");

    /// <summary>A path that leads nowhere at run time.</summary>
    public static readonly ErrorCode TemplateMissing = new(
        "template.missing",
        "A template's path leads nowhere and has no fallback; nothing was put in its place.",
        "Correct the path, or add a fallback: {{path ?? \"fallback\"}}."
    );

    /// <summary>An unknown operator.</summary>
    public static readonly ErrorCode Operator = new(
        "condition.operator",
        "The operator does not exist.",
        "Use one of the operators that the message names."
    );

    /// <summary>A bad regular expression.</summary>
    public static readonly ErrorCode Regex = new(
        "condition.regex",
        "The regular expression is not valid, or needs backtracking.",
        "Correct it; lookaround and back references are not available."
    );

    /// <summary>A script with a syntax error.</summary>
    public static readonly ErrorCode ScriptSyntax = new(
        "script.syntax",
        "The script has a syntax error.",
        "Correct it at the place named."
    );

    /// <summary>A script that threw.</summary>
    public static readonly ErrorCode ScriptFailed = new(
        "script.error",
        "The script threw an error.",
        "Correct the script; the message says where it stopped."
    );

    /// <summary>A script that ran into a limit.</summary>
    public static readonly ErrorCode ScriptLimit = new(
        "script.limit",
        "The script ran into a limit of time (1 s), memory (32 MB) or recursion (100).",
        "Do less in the script."
    );

    /// <summary>Too many scripts ran at once.</summary>
    public static readonly ErrorCode ScriptBusy = new(
        "script.busy",
        "The script was not run: too many scripts ran at once.",
        "Try again; if it comes often, look for a script that takes long."
    );

    /// <summary>A script whose result the context cannot hold.</summary>
    public static readonly ErrorCode ScriptResult = new(
        "script.result",
        "The script returned something that is not JSON.",
        "Return text, numbers, booleans, null, arrays or plain objects."
    );

    /// <summary>A bad claim name, or a reserved one.</summary>
    public static readonly ErrorCode Claim = new(
        "claims.name",
        "A claim has a reserved or too long a name, or there are too many.",
        "Use at most 100 names of at most 60 characters, none of iss, sub, aud, exp, nbf, iat, jti."
    );

    /// <summary>A claim value that is too long at run time.</summary>
    public static readonly ErrorCode ClaimValue = new(
        "claims.value",
        "A claim's text is longer than 500 characters.",
        "Put less into the claim."
    );

    /// <summary>A password hash in an unknown format.</summary>
    public static readonly ErrorCode PasswordHash = new(
        "password.hash",
        "The stored password hash has a format that cannot be verified.",
        "Store Argon2id (PHC), bcrypt or ASP.NET Identity v3 hashes."
    );

    /// <summary>A limit whose key is the same for everybody.</summary>
    public static readonly ErrorCode LimitKey = new(
        "limit.key",
        "A limit counts the tries of everybody together.",
        "Name the account in \"key\", such as {{form.email}}."
    );

    /// <summary>Too many passwords wait to be compared.</summary>
    public static readonly ErrorCode PasswordBusy = new(
        "password.busy",
        "Too many passwords wait to be compared, so this one was not.",
        "Let the person try again in a moment; more processors or nodes compare more."
    );

    // Connectors.

    /// <summary>An unknown connector type.</summary>
    public static readonly ErrorCode UnknownConnectorType = new(
        "connector.unknown_type",
        "The connector type does not exist.",
        "Use one of the types that the message names."
    );

    /// <summary>A secret whose environment variable or file is missing.</summary>
    public static readonly ErrorCode SecretMissing = new(
        "connector.secret_missing",
        "The environment variable or file that holds a secret is missing.",
        "Set the variable or create the file."
    );

    /// <summary>A connector setting that contradicts another or the operator's configuration.</summary>
    public static readonly ErrorCode ConnectorSetting = new(
        "connector.setting",
        "A connector setting cannot be used as it is.",
        "Follow the message."
    );

    /// <summary>Static addresses where the operator configured none.</summary>
    public static readonly ErrorCode StaticIps = new(
        "connector.static_ips",
        "The connector asks for static IP addresses, but none are configured.",
        "Let the connector do without, or ask the operator to set Egress:StaticIps or Egress:Proxies."
    );

    // Runs.

    /// <summary>A condition without a matching branch.</summary>
    public static readonly ErrorCode NoBranch = new(
        "flow.no_branch",
        "No branch of the condition matched and Else is not connected.",
        "Connect Else, or add the missing branch."
    );

    /// <summary>The time that the flow allows one submission was over.</summary>
    public static readonly ErrorCode Budget = new(
        "flow.budget",
        "The flow's time budget for one submission was over before this began.",
        "Find in the trace what took so long; shorten its timeout, or raise \"timeBudget\"."
    );

    /// <summary>Too many steps in one advance.</summary>
    public static readonly ErrorCode StepLimit = new(
        "flow.step_limit",
        "The run took more than 1,000 steps without a screen.",
        "Look for a loop in the flow."
    );

    /// <summary>SetUser with a user id that is no id.</summary>
    public static readonly ErrorCode UserIdForm = new(
        "user.bad_id",
        "SetUser got a userId of more than 512 characters, or with control characters.",
        "Take the id that your directory gave the person, not a text that the person entered."
    );

    /// <summary>SetUser without a user id.</summary>
    public static readonly ErrorCode UserId = new(
        "user.no_id",
        "SetUser got an empty userId.",
        "Make sure that the path of userId has a value on every way to SetUser."
    );

    /// <summary>An activity failed in a way it does not know.</summary>
    public static readonly ErrorCode Unexpected = new(
        "activity.unexpected",
        "The activity failed unexpectedly.",
        "This is a defect of the activity: report it with the trace."
    );

    /// <summary>A value of the context that grew too large.</summary>
    public static readonly ErrorCode ValueTooLarge = new(
        "run.value_too_large",
        "A value that the flow writes to its context is too large.",
        "Look for a loop that puts a value into itself; write less."
    );

    /// <summary>Inputs that do not fit the flow.</summary>
    public static readonly ErrorCode Input = new(
        "run.input",
        "The inputs do not fit what the flow declares.",
        "Give the inputs that the message names."
    );

    /// <summary>An interaction that the screen does not have.</summary>
    public static readonly ErrorCode Interaction = new(
        "screen.interaction",
        "The screen has no button or link with this id.",
        "Submit one of the ids that the message names."
    );

    /// <summary>Screen inputs that are missing or malformed.</summary>
    public static readonly ErrorCode ScreenInput = new(
        "screen.input",
        "An input of the screen is missing or malformed.",
        "Fill in the fields that the message names."
    );

    /// <summary>A screen was submitted too often.</summary>
    public static readonly ErrorCode Submits = new(
        "screen.submits",
        "The screen was submitted more often than it may be in one run.",
        "Start a new run; the designer sets \"maxSubmits\" on the Screen activity."
    );

    /// <summary>The run does not wait for a screen.</summary>
    public static readonly ErrorCode NotWaiting = new("run.not_waiting", "The run does not wait for a screen.", "Start a new run.");

    /// <summary>The run is too old.</summary>
    public static readonly ErrorCode Expired = new("run.expired", "The run expired before it was finished.", "Start a new run.");

    /// <summary>Somebody ended the run.</summary>
    public static readonly ErrorCode Cancelled = new(
        "run.cancelled",
        "An operator cancelled the run.",
        "Start a new run; the audit log says who cancelled it."
    );

    /// <summary>The flow turned the person away.</summary>
    public static readonly ErrorCode Refused = new(
        "run.refused",
        "The flow ended at an End of kind \"refused\": it turned the person away.",
        "Show the message; a new run begins anew."
    );

    /// <summary>Saved state that cannot be read.</summary>
    public static readonly ErrorCode State = new(
        "run.state",
        "The saved run does not fit the flow or is damaged.",
        "Resume it with the flow version it was started with."
    );

    /// <summary>An answer that is meant for another screen.</summary>
    public static readonly ErrorCode AnswerMismatch = new(
        "run.answer_mismatch",
        "The next answer is for another screen than the one shown.",
        "Correct the answer's \"screen\", or leave it out."
    );

    /// <summary>A golden case gives no reply for an activity.</summary>
    public static readonly ErrorCode NoReply = new(
        "test.no_reply",
        "The case has no reply left for the activity.",
        "Add one under \"replies\"."
    );

    // Drills.

    /// <summary>A failed call that ends in a token.</summary>
    public static readonly ErrorCode DrillSignedIn = new(
        "drill.signed_in",
        "In a drill a call failed, and the person was signed in all the same.",
        "Lead the failure elsewhere; or say in the flow's \"accepts\" that it may."
    );

    /// <summary>No golden case to drill by.</summary>
    public static readonly ErrorCode DrillNoCase = new(
        "drill.no_case",
        "There is no golden case by which the flow can be drilled: a drill takes inputs, answers and replies from one.",
        "Write one beside the flow, cases/<name>.case.json; the console makes one of a run."
    );

    /// <summary>A golden case that does not reply to what the flow asks.</summary>
    public static readonly ErrorCode DrillCase = new(
        "drill.case",
        "A golden case has no reply for an activity that the flow asks in a drill, so nobody knows where the person ends up.",
        "Add one under \"replies\"."
    );

    /// <summary>An activity that no golden case reaches.</summary>
    public static readonly ErrorCode DrillUnreached = new(
        "drill.unreached",
        "No golden case asks an activity, so it was not drilled.",
        "Write a case whose run comes there."
    );

    /// <summary>More than a drill may cost.</summary>
    public static readonly ErrorCode DrillLimit = new(
        "drill.limit",
        "The drill would have taken too many runs, or too long, and was ended.",
        "Drill its subflows one by one, by cases of their own."
    );

    /// <summary>Every code of this catalogue.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(FlowErrors));
}
