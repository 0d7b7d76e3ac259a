/** The management API as its OpenAPI document has it (api/openapi.json): made by `npm run types`, not to be changed by hand. */
import type { Json, JsonObject } from './json';

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A failure that a flow accepts, and who took it upon themselves. */
        AcceptedFailure: {
            /** @description The entry of the flow's `accepts`: `profile: timeout`. */
            failure: string;
            /**
             * Format: int32
             * @description The version from which on it is accepted without interruption.
             */
            version: number;
            /** @description Who published that version. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            acceptedAt: string;
        };
        /** @description The failures after which the published version may issue a token all the same. */
        AcceptedFailureList: {
            /** @description Each, in the order of the flow file. */
            accepted: components["schemas"]["AcceptedFailure"][];
        };
        /** @description What an activity did. */
        ActivityCounts: {
            /** @description Its id. */
            activity: string;
            /**
             * Format: int64
             * @description How often its screen was shown.
             */
            shown: number;
            /**
             * Format: int64
             * @description How often it failed without an outcome: the run went back to its last screen, or failed.
             */
            stopped: number;
            /** @description How often each outcome was taken that was. */
            outcomes: components["schemas"]["OutcomeCount"][];
        };
        /** @description A type of activities. */
        ActivityType: {
            /** @description Its name. */
            type: string;
            /** @description What it does. */
            description: string;
            /** @description Where it stands in the palette. */
            category: string;
            /** @description How it can end. */
            outcomes: string[];
            /** @description The outcomes that need no connection. */
            optionalOutcomes: string[];
            /** @description How it can fail. */
            errorEvents: string[];
            /** @description Whether a flow may go on as if nothing had failed. */
            mayIgnoreErrors: boolean;
            /** @description Whether it may stand in a Parallel. */
            canRunInParallel: boolean;
            /** @description Whether it may stand in a Parallel or ForEach beside others. */
            mayShare: boolean;
            /** @description Whether a run waits at it. */
            waits: boolean;
            /** @description Whether it enters another flow. */
            enters: boolean;
            /** @description Whether the run ends at it. */
            ends: boolean;
            /** @description The roots that it empties. */
            clears: string[];
            /** @description What it writes. */
            writes: components["schemas"]["WrittenPath"][];
            /** @description The name of its icon. */
            icon: string;
            /**
             * @description Its colour.
             * @enum {string}
             */
            tone: "screen" | "http" | "data" | "logic" | "script" | "user" | "end";
            /** @description What ids of new ones begin with. */
            stem: string;
            /** @description Its settings. */
            settings: components["schemas"]["Setting"][];
            /** @description What stands on the canvas, with settings in braces. */
            summary?: string;
            /** @description What its steps show. */
            trace?: string;
            /** @description The settings of a scripted reply. */
            reply?: components["schemas"]["Setting"][];
        };
        /** @description A connector that was added. */
        AddedConnector: {
            /** @description Its id. */
            id: string;
            /**
             * Format: int64
             * @description Its revision.
             */
            revision: number;
            /** @description The errors of flows that it broke. */
            warnings: components["schemas"]["Diagnostic"][];
        };
        /** @description A draft that was begun. */
        AddedDraft: {
            /** @description The flow's id. */
            id: string;
            /**
             * Format: int64
             * @description The draft's revision.
             */
            revision: number;
        };
        /** @description Somebody who was added. */
        AddedPerson: {
            /** @description Their name, in lower case. */
            name: string;
            /**
             * @description What they may do.
             * @enum {string}
             */
            role: "viewer" | "designer" | "admin";
        };
        /** @description Who did what to what. */
        AuditEntry: {
            /**
             * Format: int64
             * @description Grows with each entry.
             */
            number: number;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description A person's name, `management key` or `command line`. */
            actor: string;
            /** @description What they did, such as `flow.publish`. */
            action: string;
            /** @description To what, such as `flow:login`. */
            subject: string;
            /** @description More about it, by action; null for nothing. */
            detail: components["schemas"]["JsonNode"];
        };
        /** @description Entries of the audit log, the newest first. */
        AuditPage: {
            /** @description The entries. */
            entries: components["schemas"]["AuditEntry"][];
            /**
             * Format: int64
             * @description The `before` of the next page; null at the end.
             */
            next: null | number;
        };
        /** @description Tokens and person as the published clients read them. */
        AuthInfo: {
            /** @description The session token. */
            sessionJwt: string;
            /** @description The refresh token, good once. */
            refreshJwt: string;
            /** @description The person. */
            user?: components["schemas"]["User"];
            /** @description The custom claims. */
            claims?: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description Until when the session token is valid, in seconds since 1970.
             */
            sessionExpiration: number;
        };
        /** @description The screen that a run waits for. */
        AwaitedScreen: {
            /** @description The screen's id. */
            id: string;
            /** @description Its title, with its templates. */
            title: string;
            /** @description The activity that shows it. */
            activity: string;
        };
        /** @description Why a delivery failed. */
        CallError: {
            /** @description The stable code. */
            code: string;
            /** @description What happened. */
            message: null | string;
        };
        /** @description One difference between two definitions. */
        Change: {
            /**
             * @description What happened.
             * @enum {string}
             */
            change: "added" | "removed" | "changed";
            /**
             * @description To what.
             * @enum {string}
             */
            kind: "flow" | "activity" | "connection" | "screen" | "component" | "setting";
            /**
             * @description What a setting belongs to.
             * @enum {string}
             */
            of?: "activity" | "connection" | "screen";
            /** @description The id of what changed, or of what the setting belongs to. */
            id: string;
            /** @description Its name. */
            name?: string;
            /** @description The setting. */
            setting?: string;
            /** @description What it was. */
            before?: components["schemas"]["JsonNode"];
            /** @description What it is. */
            after?: components["schemas"]["JsonNode"];
        };
        /** @description What differs. */
        ChangeList: {
            /** @description The differences. */
            changes: components["schemas"]["Change"][];
            /** @description True when there are more; missing otherwise. */
            truncated?: null | boolean;
        };
        /** @description The result of a hosted login. */
        CodeExchange: {
            /** @description The run. */
            executionId: string;
            /** @description The flow. */
            flowId: string;
            /** @description Tokens and person, when the flow set one. */
            authInfo?: components["schemas"]["AuthInfo"];
            /** @description The End's outputs. */
            output?: components["schemas"]["JsonObject"];
        };
        /** @description A component of a screen; which members it has depends on its type. */
        Component: {
            /** @description What it is, such as `Button`. */
            type: string;
            /** @description The outcome that a button or link leads to. */
            id?: string;
            /** @description The input's name in the form. */
            name?: string;
            /** @description The input's label. */
            label?: string;
            /** @description Its text. */
            text?: string;
            /** @description How it looks. */
            variant?: string;
            /** @description What stands in an empty input. */
            placeholder?: string;
            /** @description What an input begins with. */
            default?: string;
            /**
             * @description Whether something has to be entered.
             * @default false
             */
            required?: boolean;
            /**
             * @description Whether what is entered is secret.
             * @default false
             */
            sensitive?: boolean;
            /**
             * Format: int32
             * @description How many characters at least.
             * @default 0
             */
            minLength?: number;
            /**
             * Format: int32
             * @description How many characters at most.
             * @default 0
             */
            maxLength?: number;
            /** @description What a text has to match. */
            pattern?: string;
            /** @description What there is to choose. */
            options?: components["schemas"]["ScreenOption"][];
            /** @description Where a link leads. */
            href?: string;
            /** @description The address of an image. */
            src?: string;
            /** @description What an image shows. */
            alt?: string;
        };
        /** @description A type of components. */
        ComponentType: {
            /** @description Its name. */
            type: string;
            /** @description What it is. */
            description: string;
            /** @description What a new one has. */
            new: components["schemas"]["JsonObject"];
            /** @description Its settings. */
            settings: components["schemas"]["Setting"][];
            /** @description The name of its icon. */
            icon?: string;
            /**
             * @description How something is entered in it; what is no input has none.
             * @enum {string}
             */
            input?: "line" | "yesOrNo" | "choice";
            /**
             * @description Whether what is entered is secret.
             * @default false
             */
            secret?: boolean;
            /**
             * @description Whether an id makes it an outcome of its screen.
             * @default false
             */
            interaction?: boolean;
            /**
             * @description Whether Enter in an input presses the first of them.
             * @default false
             */
            takesEnter?: boolean;
            /**
             * @description Whether other components stand in it, under `components`.
             * @default false
             */
            holdsComponents?: boolean;
            /**
             * @description Whether the message of the last attempt stands in it.
             * @default false
             */
            showsErrors?: boolean;
            /** @description What a person may have entered. */
            sample?: components["schemas"]["JsonNode"];
        };
        /** @description An operator of conditions. */
        ConditionOperator: {
            /** @description Its name. */
            name: string;
            /** @description Whether it compares with a value. */
            takesValue: boolean;
        };
        /** @description A connector; literal secrets are `***`. */
        Connector: {
            /** @description Its id. */
            id: string;
            /** @description The connector file. */
            definition: components["schemas"]["JsonObject"];
            /** @description As this server uses it, where that differs: in the demo. */
            actual?: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description Grows with each save; the next save names it.
             */
            revision: number;
            /** @description Who saved it. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            updatedAt: string;
            /** @description The settings whose value is dangerous: `insecure` where it trusts any certificate. */
            warnings: string[];
            /** @description The published flows that use it, themselves or through a subflow. */
            usedBy: string[];
            /**
             * Format: date-time
             * @description When its client certificate ends; not there where it shows none, or it cannot be read.
             */
            certificateEnds?: null | string;
            /**
             * Format: int64
             * @description In how many whole days that is; less than 0 once it has ended.
             */
            certificateDaysLeft?: null | number;
        };
        /** @description A connector to save. */
        ConnectorBody: {
            /** @description The connector file; a secret of `***` stays. */
            definition: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description The revision that was edited.
             */
            revision?: null | number;
        };
        /** @description A connector in a list. */
        ConnectorHead: {
            /** @description Its id. */
            id: string;
            /** @description Its type. */
            type: string;
            /** @description Its name; its id where it has none. */
            name: string;
            /** @description What it is for. */
            description: string;
            /**
             * Format: int64
             * @description Grows with each save.
             */
            revision: number;
            /** @description Who saved it. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            updatedAt: string;
            /** @description The settings whose value is dangerous: `insecure` where it trusts any certificate. */
            warnings: string[];
            /** @description The published flows that use it, themselves or through a subflow. */
            usedBy: string[];
            /**
             * Format: date-time
             * @description When its client certificate ends; not there where it shows none, or it cannot be read.
             */
            certificateEnds?: null | string;
            /**
             * Format: int64
             * @description In how many whole days that is; less than 0 once it has ended.
             */
            certificateDaysLeft?: null | number;
        };
        /** @description The connectors there are. */
        ConnectorList: {
            /** @description All of them, by id. */
            connectors: components["schemas"]["ConnectorHead"][];
        };
        /** @description What the calls of a connector came to, and how it is. */
        ConnectorNumbers: {
            /** @description Its id. */
            id: string;
            /** @description Its name; its id where it has none. */
            name: string;
            /** @description Its type. */
            type: string;
            /**
             * Format: int64
             * @description How many calls flows made.
             */
            calls: number;
            /**
             * Format: int64
             * @description How many of them failed.
             */
            errors: number;
            /**
             * Format: int32
             * @description Within how many milliseconds half of them ended; null for none.
             */
            p50: null | number;
            /**
             * Format: int32
             * @description Within how many milliseconds 95 of 100 ended.
             */
            p95: null | number;
            /** @description What they failed with, the most frequent first, at most 10. */
            codes: components["schemas"]["ErrorNumbers"][];
            /**
             * Format: date-time
             * @description The minute, or of a time of over an hour the hour, of the last failure; null for none.
             */
            lastFailureAt: null | string;
            /**
             * @description Its circuit breaker, of the node on which it is open if any; null for none.
             * @enum {null|string}
             */
            breaker: "closed" | "open" | "halfOpen" | null;
            /**
             * Format: date-time
             * @description Until when it makes no call, because the API asked for time.
             */
            cooldownUntil: null | string;
            /**
             * Format: date-time
             * @description When its access token was asked for.
             */
            tokenSince: null | string;
            /**
             * Format: date-time
             * @description Until when that is used.
             */
            tokenUntil: null | string;
            /**
             * Format: date-time
             * @description When the certificate that it shows ends.
             */
            certificateUntil: null | string;
        };
        /** @description What to try a connector with; other types of connectors take other members. */
        ConnectorTrial: {
            /** @description The HTTP method. */
            method?: string;
            /** @description The path below the base URL. */
            endpoint?: string;
            /** @description The query's parameters. */
            query?: {
                [key: string]: string;
            };
            /** @description The headers. */
            headers?: {
                [key: string]: string;
            };
            /** @description The body. */
            body?: components["schemas"]["JsonNode"];
            /**
             * @description What the body is.
             * @enum {string}
             */
            bodyType?: "json" | "form" | "text" | "none" | "multipart" | "binary";
            /** @description The parts of a multipart body. */
            parts?: components["schemas"]["JsonNode"];
            /** @description True: nothing is sent; the answer has the request as a cURL command, its secrets as variables. */
            curl?: null | boolean;
            /**
             * @description A request as somebody received it: nothing is sent; the answer says which key of the connector signed it, and
             *         where it differs from what was signed.
             */
            received?: string;
            /** @description What templates read. */
            context?: components["schemas"]["JsonObject"];
            /** @description The settings of a form, saved or not; without it those that are stored are tried. */
            definition?: components["schemas"]["JsonObject"];
        };
        /** @description A type of connectors. */
        ConnectorType: {
            /** @description Its name. */
            type: string;
            /** @description What people call it. */
            label: string;
            /** @description The name of its icon, or path data. */
            icon: string;
            /** @description A name that one may have. */
            example: string;
            /**
             * @description What one is tried out with: nothing, or a request of HTTP.
             * @enum {string}
             */
            trial: "connection" | "request";
            /** @description How credentials look in a pasted request; without any, none can be pasted. */
            credentialHeaders: components["schemas"]["CredentialHeader"][];
            /** @description Its settings. */
            settings: components["schemas"]["Setting"][];
        };
        /** @description How credentials look in a header of somebody else's request. */
        CredentialHeader: {
            /** @description The kind of authentication. */
            kind: string;
            /** @description The pattern of the header's whole name. */
            name: string;
            /** @description The pattern of its value, whose groups are settings. */
            value: string;
            /** @description The pattern of what the group base64 holds. */
            decoded?: string;
            /** @description The setting that takes the header's name. */
            nameSetting?: string;
            /**
             * @description Whether the kind has one setting alone, which stands for it.
             * @default false
             */
            isFlat?: boolean;
        };
        /** @description A flow file. */
        DefinitionBody: {
            /** @description Its JSON. */
            definition: components["schemas"]["JsonObject"];
        };
        /** @description What forms are made of. */
        DesignerSchema: {
            /** @description The types of activities. */
            activities: components["schemas"]["ActivityType"][];
            /** @description The types of connectors. */
            connectors: components["schemas"]["ConnectorType"][];
            /** @description The options of a flow. */
            options: components["schemas"]["Setting"][];
            /** @description The types of components. */
            components: components["schemas"]["ComponentType"][];
            /** @description The operators of conditions. */
            operators: components["schemas"]["ConditionOperator"][];
            /** @description The functions that templates may call behind a path. */
            functions: components["schemas"]["FunctionShape"][];
            /** @description Settings of objects, by name. */
            definitions: {
                [key: string]: components["schemas"]["Setting"][];
            };
            /** @description What to do about an error, by its code. */
            advice: {
                [key: string]: string;
            };
            /** @description What is loaded beside the server's own. */
            extensions: components["schemas"]["Extension"][];
            /** @description The JSON Schema of flow files. */
            flow: components["schemas"]["JsonObject"];
            /** @description The JSON Schema of connector files. */
            connector: components["schemas"]["JsonObject"];
        };
        /** @description A problem of a flow or connector. */
        Diagnostic: {
            /** @description The file; null where there is none. */
            file: null | string;
            /** @description Where: a JSON Pointer (RFC 6901). */
            pointer: string;
            /** @description The stable code. */
            code: string;
            /**
             * @description Whether the definition is refused for it.
             * @enum {string}
             */
            severity: "error" | "warning";
            /** @description What is wrong. */
            message: string;
            /** @description What to do. */
            advice: string;
            /**
             * Format: int32
             * @description The line of the text that stands there, from 1.
             */
            line?: null | number;
            /** @description What was probably meant instead of a path. */
            meant?: components["schemas"]["Meant"];
        };
        /** @description Which definitions to compare. */
        DiffBody: {
            /** @description The one before. */
            from: components["schemas"]["JsonObject"];
            /** @description The one after. */
            to: components["schemas"]["JsonObject"];
        };
        /** @description A draft to save. */
        DraftBody: {
            /** @description The flow file, which need not compile. */
            definition: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description The revision that was edited; null to begin a draft.
             */
            revision?: null | number;
        };
        /** @description A flow or connector that is not as it was applied. */
        DriftedItem: {
            /**
             * @description Which of the two.
             * @enum {string}
             */
            kind: "flow" | "connector";
            /** @description Its id. */
            id: string;
            /**
             * @description `added`: it came since, or was here already and not in the folder.
             * @enum {string}
             */
            change: "added" | "changed" | "removed";
        };
        /** @description Where people end up when what a flow asks fails. */
        DrillAnswer: {
            /** @description Whether nothing in the flow calls anybody. */
            asksNobody: boolean;
            /** @description The cases that were run, with what comes of them when all goes well. */
            cases: components["schemas"]["DrillCaseView"][];
            /** @description Each way in which a call can end. */
            rows: components["schemas"]["DrillRowView"][];
            /** @description Failed calls that end in a token, and what could not be drilled. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        /** @description What to drill. */
        DrillBody: {
            /** @description The flow file. */
            definition: components["schemas"]["JsonObject"];
            /**
             * @description Golden cases whose inputs, answers and replies are taken, at most 20. Each activity is drilled by the first that
             *         asks it; those that complete go before the others.
             */
            cases: components["schemas"]["DrillCaseBody"][];
        };
        /** @description How a flow goes when all goes well, as a golden case says it. */
        DrillCaseBody: {
            /** @description What the answer calls it. */
            name: string;
            /** @description The inputs, `client.*`. */
            client?: components["schemas"]["JsonObject"];
            /** @description What people answer, screen by screen. */
            answers?: components["schemas"]["TryScreenAnswer"][];
            /** @description Scripted replies by activity id. */
            replies?: components["schemas"]["JsonObject"];
        };
        /** @description A case as the flow runs it when all goes well. */
        DrillCaseView: {
            /** @description What it is called. */
            name: string;
            /** @description Where the person ends up. */
            end: components["schemas"]["DrillEndView"];
        };
        /** @description Where a person ends up. */
        DrillEndView: {
            /**
             * @description At a screen, signed in, at an End that issues no token, turned away, in a run that failed; or nobody knows, because
             *         no case has a reply for what the flow asks.
             * @enum {string}
             */
            kind: "screen" | "signedIn" | "completed" | "refused" | "failed" | "unknown";
            /** @description The activity that the run stands on; of `unknown` the one that has no reply. */
            activity: string;
            /** @description The same in a few words. */
            place: string;
            /**
             * Format: int32
             * @description How often the flow began anew after the call.
             */
            restarts: number;
            /** @description What the person is told. */
            message?: string;
            /** @description The screen's id. */
            screen?: string;
            /** @description The screen's title. */
            title?: string;
            /** @description The name of the End. */
            name?: string;
            /** @description The code with which the run failed. */
            code?: string;
        };
        /** @description What becomes of a person when the calls of one activity end in one way. */
        DrillRowView: {
            /** @description The activity, that of a subflow behind the id of its Subflow. */
            activity: string;
            /** @description How they end: a status, a fault, what a query finds. */
            way: string;
            /**
             * Format: int32
             * @description From which call of the run on, from 1; more where the case makes several, and the end is another when only the last
             *         one fails.
             */
            from: number;
            /** @description The case by which it ran. */
            case: string;
            /**
             * @description Whether a token is issued though the call failed, and whether the flow accepts that.
             * @enum {string}
             */
            verdict: "fine" | "failsOpen" | "accepted";
            /** @description Where the person ends up. */
            end: components["schemas"]["DrillEndView"];
            /** @description The way there; of more than 100 steps the first and the last. */
            steps: components["schemas"]["DrillStepView"][];
            /** @description The error of the call; missing when it did not fail. */
            code?: string;
            /**
             * @description What followed the error.
             * @enum {string}
             */
            handled?: "automatic" | "custom" | "ignore" | "outcome" | "failed";
        };
        /** @description A step of a drill. */
        DrillStepView: {
            /** @description The activity. */
            activity: string;
            /** @description Its type. */
            type: string;
            /** @description The outcome that it took. */
            outcome?: string;
            /** @description The error that it ended with. */
            code?: string;
        };
        /** @description Where requests leave from. */
        Egress: {
            /** @description The public addresses, to be allowed by others. */
            addresses: string[];
            /** @description The addresses that connectors may send from. */
            staticIps: string[];
            /** @description The proxies, without their passwords. */
            proxies: string[];
            /** @description Whether connectors may reach private networks. */
            allowPrivateNetworks: boolean;
        };
        /** @description What was applied last, and what has been changed elsewhere since. */
        Environment: {
            /**
             * Format: date-time
             * @description When; null when nothing ever was.
             */
            appliedAt: null | string;
            /** @description Who did it; null when nothing ever was. */
            appliedBy: null | string;
            /** @description What they said about it. */
            note: null | string;
            /** @description What is no longer as it was applied. */
            drift: components["schemas"]["DriftedItem"][];
        };
        /** @description What shall run. */
        EnvironmentBody: {
            /** @description The flows. */
            flows: components["schemas"]["EnvironmentFile"][];
            /** @description The connectors; a secret of `***` is the one that is stored. */
            connectors: components["schemas"]["EnvironmentFile"][];
            /** @description Whether what is not among them is deleted. Missing: it stays. */
            prune?: null | boolean;
            /**
             * Format: int64
             * @description The plan's: to apply, what it was made of must still be there.
             */
            revision?: null | number;
            /** @description What to say about it; the first 2000 characters count. */
            note?: string;
        };
        /** @description A file of a folder. */
        EnvironmentFile: {
            /** @description A flow or a connector. */
            definition: components["schemas"]["JsonObject"];
            /** @description What problems call it. */
            file?: string;
        };
        /** @description A flow or connector that differs. */
        EnvironmentItem: {
            /**
             * @description Which of the two.
             * @enum {string}
             */
            kind: "flow" | "connector";
            /** @description Its id. */
            id: string;
            /**
             * @description What happens to it; `kept`: it is only on the server, and stays there.
             * @enum {string}
             */
            change: "added" | "changed" | "removed" | "kept";
            /**
             * Format: int32
             * @description The version that is published: before, and where it was applied, after. Missing for connectors.
             */
            version?: null | number;
            /** @description What differs in a flow. */
            changes?: components["schemas"]["Change"][];
            /** @description What differs in a connector. */
            settings?: components["schemas"]["SettingChange"][];
            /** @description True when more differs; missing otherwise. */
            truncated?: null | boolean;
        };
        /** @description What applying would do, or did. */
        EnvironmentPlan: {
            /**
             * Format: int64
             * @description The number of the state that it was made of.
             */
            revision: number;
            /** @description Whether it was done. */
            applied: boolean;
            /** @description What changes, flows before connectors, each by id. What stays as it is is not among them. */
            items: components["schemas"]["EnvironmentItem"][];
            /**
             * Format: int32
             * @description How many flows and connectors are on the server as they were sent.
             */
            unchanged: number;
            /** @description The problems of all that was sent, and of published flows that would break. Errors refuse all of it. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        /** @description How often calls failed in a way. */
        ErrorNumbers: {
            /** @description The stable code. */
            code: string;
            /**
             * Format: int32
             * @description The status of the answer, if that was the error.
             */
            status: null | number;
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
        };
        /** @description A code of a hosted login. */
        ExchangeBody: {
            /** @description The code. */
            code: string;
            /** @description Where it was sent. */
            redirectUri: string;
            /** @description The verifier of the challenge that the login began with (RFC 7636). */
            codeVerifier?: string;
        };
        /** @description What is loaded beside the server's own. */
        Extension: {
            /** @description Its name. */
            name: string;
            /** @description Its version. */
            version: string;
            /** @description What it registers. */
            brings: string[];
        };
        /** @description A flow: what is published, and its draft. */
        Flow: {
            /** @description Its id. */
            id: string;
            /** @description Its name; its id where it has none. */
            name: string;
            published: null | components["schemas"]["PublishedFlow"];
            draft: null | components["schemas"]["FlowDraft"];
            /** @description The published flows that use it as a subflow, themselves or through another. */
            usedBy: string[];
        };
        /** @description Where a run is. */
        FlowAnswer: {
            /** @description The run. */
            executionId: string;
            /** @description The step that it waits in. */
            stepId: string;
            /** @description The activity that it waits at. */
            stepName: string;
            /**
             * @description How it stands.
             * @enum {string}
             */
            status: "running" | "waiting" | "completed" | "failed" | "refused" | "cancelled";
            /**
             * @description What to do: show the screen, or nothing.
             * @enum {string}
             */
            action: "screen" | "none";
            /** @description The screen. */
            screen?: components["schemas"]["ShownScreen"];
            /** @description The same as HTML, for who sends the header `FlowEngine-Markup`. */
            html?: string;
            /** @description What its End says. */
            message?: string;
            /** @description What went wrong. */
            error?: components["schemas"]["RunError"];
            /** @description What the person may quote. */
            reference?: string;
            /** @description Tokens and person, of a login that is complete. */
            authInfo?: components["schemas"]["AuthInfo"];
            /** @description The End's outputs. */
            output?: components["schemas"]["JsonObject"];
        };
        /** @description What runs of a flow did. */
        FlowCounts: {
            /**
             * Format: int32
             * @description The published version, if its numbers alone are told; else null.
             */
            version: null | number;
            /**
             * Format: date-time
             * @description Since when it is counted.
             */
            from: string;
            /** @description Its runs. */
            runs: components["schemas"]["RunNumbers"];
            /** @description The activities that did anything, by id. */
            activities: components["schemas"]["ActivityCounts"][];
        };
        /** @description The draft of a flow. */
        FlowDraft: {
            /**
             * Format: int64
             * @description Grows with each save; the next save names it.
             */
            revision: number;
            /** @description The flow file, which need not compile. */
            definition: components["schemas"]["JsonObject"];
            /** @description Who saved it. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            updatedAt: string;
        };
        /** @description An error of a run, as `error.*` in the context and in the trace. Shared and immutable. */
        FlowError: {
            /** @description The stable code; see `docs/errors.md`. */
            code: string;
            /** @description What happened and what to do. Never holds a secret. */
            message: string;
            /** @description The id of the activity, or null when the error is the run's own. */
            activity?: string;
            /** @description The error event, such as `Generic HTTP Error`, or null when the error fails the run. */
            event?: string;
        };
        /** @description A flow in a list. */
        FlowHead: {
            /** @description Its id. */
            id: string;
            /** @description Its name; its id where it has none. */
            name: string;
            /**
             * Format: int32
             * @description The version that new runs take; null when none was published.
             */
            publishedVersion: null | number;
            /**
             * @description Who may start it; null where no published version compiles.
             * @enum {null|string}
             */
            access: "public" | "key" | null;
            /**
             * Format: date-time
             * @description When it was last published or deleted, or its draft first saved.
             */
            updatedAt: string;
            /**
             * Format: int64
             * @description The draft's revision; null when there is no draft.
             */
            draftRevision: null | number;
            /** @description The published flows that use it as a subflow, themselves or through another. */
            usedBy: string[];
        };
        /** @description What the compiler says of a flow file. */
        FlowJudgement: {
            /** @description All of its problems. */
            diagnostics: components["schemas"]["Diagnostic"][];
            /**
             * @description How long a person may wait from each screen to the next when nobody answers, and from the start to the first; empty
             *         where there are errors.
             */
            waits: components["schemas"]["StretchWaitView"][];
        };
        /** @description The flows there are. */
        FlowList: {
            /** @description All of them, by id. */
            flows: components["schemas"]["FlowHead"][];
        };
        /** @description The runs of a flow's published version, compared with the version before. */
        FlowNumbers: {
            /** @description Its id. */
            id: string;
            /** @description Its name; its id where it has none. */
            name: string;
            /**
             * Format: int32
             * @description The published version.
             */
            version: number;
            /** @description Its runs. */
            runs: components["schemas"]["RunNumbers"];
            /**
             * Format: int32
             * @description The last version before it that had runs within 30 days; null for none.
             */
            before: null | number;
            runsBefore: null | components["schemas"]["RunNumbers"];
            /** @description The screens, in the order of the flow. */
            screens: components["schemas"]["ScreenNumbers"][];
        };
        /** @description A version of a flow. */
        FlowVersion: {
            /**
             * Format: int32
             * @description Its number.
             */
            version: number;
            /** @description What the author said about it. */
            note: string;
            /** @description Who published it. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            publishedAt: string;
            /** @description Whether new runs take it. */
            isPublished: boolean;
            /** @description The flow file; missing in lists. */
            definition?: components["schemas"]["JsonObject"];
        };
        /** @description Versions of a flow, the newest first. */
        FlowVersionPage: {
            /** @description The versions. */
            versions: components["schemas"]["FlowVersion"][];
            /**
             * Format: int32
             * @description The `before` of the next page; null at the end.
             */
            next: null | number;
        };
        /** @description A function that a template may call behind a path, `{{path | function}}`. */
        FunctionShape: {
            /** @description Its name. */
            name: string;
            /** @description How it is called, with arguments to begin with. */
            example: string;
            /** @description What it gives. */
            description: string;
        };
        /** @description A run as a golden case. */
        GoldenCaseFile: {
            /** @description The case file. */
            case: components["schemas"]["JsonNode"];
            /** @description What to call it. */
            fileName: string;
            /** @description What a person should know of it. */
            warnings: string[];
        };
        /** @description A file to read. */
        ImportBody: {
            /** @description What is in it. */
            content: string;
            /** @description What it is called; `flow.json` when it is not said. */
            fileName?: string;
        };
        /** @description A file that was read. */
        ImportedFlow: {
            definition: null | components["schemas"]["JsonObject"];
            /** @description What is wrong with it. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        JsonNode: Json;
        JsonObject: JsonObject;
        /** @description The keys that tokens are verified with (RFC 7517, 5). */
        KeySet: {
            /** @description The keys. */
            keys: components["schemas"]["PublicKey"][];
        };
        /** @description What was probably meant instead of a path. */
        Meant: {
            /** @description The path as it stands there. */
            path: string;
            /**
             * Format: int32
             * @description Which of its parts is wrong, counted from 1 behind the root.
             */
            part: number;
            /** @description What that part was probably meant to be. */
            name: string;
        };
        /** @description Somebody to add. */
        NewPerson: {
            /** @description The name they sign in with. */
            name: string;
            /** @description Their first password. */
            password: string;
            /**
             * @description What they may do.
             * @enum {string}
             */
            role: "viewer" | "designer" | "admin";
        };
        /** @description A screen that is submitted. */
        NextRequest: {
            /** @description The run. */
            executionId: string;
            /** @description The step that the screen was shown in. */
            stepId: null | string;
            /** @description The button or link. */
            interactionId: string;
            /** @description The inputs, by name. */
            input?: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description The version of the client's copy of the flow; a run stays on its own.
             */
            version?: null | number;
        };
        /** @description A server. */
        NodeNumbers: {
            /** @description Its address for the others of a cluster, or the machine's name. */
            name: string;
            /** @description Its release. */
            release: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description When it was last heard of.
             */
            seenAt: string;
            /**
             * Format: int32
             * @description The runs in its memory.
             */
            runs: number;
            /**
             * Format: double
             * @description How much of its machine's processors it takes, from 0 to 1.
             */
            processor: number;
            /**
             * Format: int64
             * @description How many bytes of memory it takes.
             */
            memory: number;
        };
        /** @description Nothing more to say. */
        Nothing: JsonObject;
        /**
         * @description A connector or flow of which at least a third, and three, fail: calls that get no answer or a status from 500 on, or
         *         runs.
         */
        Outage: {
            /**
             * @description What it is.
             * @enum {string}
             */
            kind: "connector" | "flow";
            /** @description Its id. */
            id: string;
            /**
             * Format: date-time
             * @description The minute from which on it is so without interruption.
             */
            since: string;
            /**
             * Format: int64
             * @description How many calls were made, or runs ended, since then.
             */
            total: number;
            /**
             * Format: int64
             * @description How many of them failed.
             */
            failed: number;
            /** @description The error that most of these calls ended with; null for a flow. */
            code: null | string;
            /**
             * Format: int32
             * @description The status of the answer, if that is the error.
             */
            status: null | number;
            /**
             * Format: int64
             * @description How many runs had an error of the connector since then, or failed; at most 10,000 are counted.
             */
            people: number;
            /** @description The flows that use it, or itself, with the version that ran when it began. */
            flows: components["schemas"]["OutageFlow"][];
        };
        /** @description A flow that something broken concerns. */
        OutageFlow: {
            /** @description Its id. */
            id: string;
            /**
             * Format: int32
             * @description The version that ran when it began.
             */
            version: number;
            /**
             * Format: date-time
             * @description When that was published.
             */
            publishedAt: string;
            /** @description Whether it began within minutes of that. */
            beganWithIt: boolean;
        };
        /** @description How often an outcome was taken. */
        OutcomeCount: {
            /** @description The outcome. */
            outcome: string;
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
        };
        /** @description How everything is, in numbers. */
        Overview: {
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            at: string;
            /**
             * Format: date-time
             * @description Since when it is counted.
             */
            from: string;
            /**
             * Format: int32
             * @description How many seconds each of `times` is: a minute of the last hour, else an hour.
             */
            step: number;
            /** @description Runs, from then until now. */
            runs: components["schemas"]["RunNumbers"];
            /** @description The same, step by step, without gaps; the last one is not over. */
            times: components["schemas"]["TimeNumbers"][];
            /** @description What is broken now, the longest first. */
            broken: components["schemas"]["Outage"][];
            /** @description The connectors, by id. */
            connectors: components["schemas"]["ConnectorNumbers"][];
            /** @description The flows that had runs, those with most first, at most 20. */
            flows: components["schemas"]["FlowNumbers"][];
            /** @description Where runs wait. */
            waiting: components["schemas"]["WaitingRuns"];
            /** @description What is stored. */
            storage: components["schemas"]["StorageNumbers"];
            /** @description The servers that are there, by name. */
            nodes: components["schemas"]["NodeNumbers"][];
        };
        /** @description One's own new password. */
        PasswordChange: {
            /** @description The password until now. */
            current: string;
            /** @description The new one. */
            password: string;
        };
        /** @description A person of the console. */
        Person: {
            /** @description The name they sign in with. */
            name: string;
            /**
             * @description What they may do.
             * @enum {string}
             */
            role: "viewer" | "designer" | "admin";
            /**
             * Format: date-time
             * @description When they were added.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When password or role last changed.
             */
            updatedAt: string;
        };
        /** @description What changes of somebody; what is not there stays. */
        PersonChange: {
            /**
             * @description What they may do.
             * @enum {string}
             */
            role?: "viewer" | "designer" | "admin";
            /** @description Their new password. */
            password?: string;
        };
        /** @description The people of the console. */
        PersonList: {
            /** @description All of them, by name. */
            users: components["schemas"]["Person"][];
        };
        /** @description A screen as people will see it. */
        Preview: {
            /** @description A document for a frame without scripts; empty where the screen cannot be shown. */
            html: string;
            /** @description What is wrong with it. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        /** @description A screen to show. */
        PreviewBody: {
            /** @description The screen, as flow files have it. */
            screen: components["schemas"]["JsonObject"];
            /** @description What its templates read. */
            context?: components["schemas"]["JsonObject"];
            /** @description What stands in its inputs. */
            form?: components["schemas"]["JsonObject"];
            /**
             * @description Light or dark; by default as the browser likes it.
             * @enum {string}
             */
            theme?: "light" | "dark";
            /** @description The language; by default the server's. */
            locale?: string;
            /** @description What its error message says. */
            errorText?: string;
            /** @description The flow's texts by language. */
            locales?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
        };
        /** @description Why a request is refused: problem details (RFC 9457), with a stable code. */
        Problem: {
            /** @description Always `about:blank`. */
            type: string;
            /** @description The status in words. */
            title: string;
            /**
             * Format: int32
             * @description The status.
             */
            status: number;
            /** @description What is wrong, and what to do. */
            detail: string;
            /** @description The stable code; docs/errors.md lists them. */
            errorCode: string;
            /** @description What the code means. */
            errorDescription: string;
            /** @description As `detail`. */
            errorMessage: string;
            /** @description The problems of a file that was refused. */
            diagnostics?: components["schemas"]["Diagnostic"][];
            /** @description What is stored now, of a save that came too late. */
            current?: components["schemas"]["JsonNode"];
            /** @description The flows that use what was to be deleted. */
            usedBy?: string[];
            /** @description The run that was refused. */
            executionId?: string;
            /** @description What people may quote of the run. */
            reference?: string;
            /** @description What the run's End says. */
            message?: string;
            /** @description The run's outputs. */
            output?: components["schemas"]["JsonNode"];
            /** @description The member of the body that cannot be used, as a JSON Pointer (RFC 6901). */
            pointer?: string;
        };
        /** @description The problems of a file. */
        ProblemList: {
            /** @description All of them. */
            diagnostics: components["schemas"]["Diagnostic"][];
        };
        /** @description A key (RFC 7517, 4). */
        PublicKey: {
            /**
             * @description Its kind.
             * @enum {string}
             */
            kty: "EC";
            /**
             * @description Its curve.
             * @enum {string}
             */
            crv: "P-256";
            /** @description A coordinate. */
            x: string;
            /** @description The other. */
            y: string;
            /** @description Its id, which tokens name. */
            kid: string;
            /**
             * @description What it is for.
             * @enum {string}
             */
            use: "sig";
            /**
             * @description Its algorithm.
             * @enum {string}
             */
            alg: "ES256";
        };
        /** @description What was published. */
        Publication: {
            /**
             * Format: int32
             * @description The version that new runs take.
             */
            version: number;
            /** @description What is questionable in it, and the errors of flows that it broke. */
            warnings: components["schemas"]["Diagnostic"][];
        };
        /** @description Which draft to publish. */
        PublishBody: {
            /**
             * Format: int64
             * @description Its revision: what somebody else saved meanwhile is not published unseen.
             */
            revision?: null | number;
            /** @description What to say about it; the first 2000 characters count. */
            note?: string;
        };
        /** @description The published version of a flow. */
        PublishedFlow: {
            /**
             * Format: int32
             * @description Its number.
             */
            version: number;
            /** @description The flow file. */
            definition: components["schemas"]["JsonObject"];
            /** @description What the author said about it. */
            note: string;
            /** @description Who published it. */
            author: string;
            /**
             * Format: date-time
             * @description When.
             */
            publishedAt: string;
        };
        /** @description A durable call that waits to be delivered, or was given up. */
        QueuedCall: {
            /** @description Its id. */
            id: string;
            /**
             * @description Whether it waits, or was given up.
             * @enum {string}
             */
            status: "queued" | "dead";
            /** @description Its connector. */
            connector: string;
            /** @description The flow that left it. */
            flow: string;
            /** @description The activity that left it. */
            activity: string;
            /**
             * Format: int64
             * @description The number of the run that left it; null when that is gone.
             */
            run: null | number;
            /**
             * Format: int64
             * @description How many bytes it is.
             */
            size: number;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            deliveries: number;
            error: null | components["schemas"]["CallError"];
            /**
             * Format: date-time
             * @description When it was left.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it is tried next; null when it was given up.
             */
            dueAt: null | string;
        };
        /** @description Calls, the newest first. */
        QueuedCallPage: {
            /** @description The calls. */
            calls: components["schemas"]["QueuedCall"][];
            /** @description The `cursor` of the next page; null at the end. */
            next: null | string;
        };
        /** @description A refresh token, when it is not in the header. */
        RefreshBody: {
            /** @description The token. */
            refreshJwt?: string;
        };
        /** @description Why an old version is published again. */
        RestoreBody: {
            /** @description What to say about it; the first 2000 characters count. */
            note?: string;
        };
        /** @description A run. */
        Run: {
            /** @description Its id; null for viewers while it has not ended, because whoever has it can go on with the run. */
            id: null | string;
            /**
             * Format: int64
             * @description Its number.
             */
            number: number;
            /** @description The flow. */
            flowId: string;
            /**
             * Format: int32
             * @description The version that it runs.
             */
            flowVersion: number;
            /**
             * @description How it stands.
             * @enum {string}
             */
            status: "running" | "waiting" | "completed" | "failed" | "refused" | "cancelled" | "expired";
            /** @description What people may quote. */
            shortReference: string;
            /** @description The person that it set. */
            person: null | string;
            /** @description What its flow says it is found by. */
            reference: null | string;
            screen: null | components["schemas"]["AwaitedScreen"];
            /** @description Why it failed. */
            errorCode: null | string;
            /**
             * Format: int64
             * @description How many of its steps failed, handled or not.
             */
            errorCount: number;
            /** @description In which ways, the latest last. */
            errors: components["schemas"]["RunFault"][];
            /**
             * Format: int64
             * @description How long it was worked on, in milliseconds; unknown for runs of releases before.
             */
            workedMs: null | number;
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last saved.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it expires or expired: then its state is removed.
             */
            expiresAt: string;
        };
        /** @description A run with its trace and the definition that it ran. */
        RunDetail: {
            /** @description Its id; null for viewers while it has not ended, because whoever has it can go on with the run. */
            id: null | string;
            /**
             * Format: int64
             * @description Its number.
             */
            number: number;
            /** @description The flow. */
            flowId: string;
            /**
             * Format: int32
             * @description The version that it runs.
             */
            flowVersion: number;
            /**
             * @description How it stands.
             * @enum {string}
             */
            status: "running" | "waiting" | "completed" | "failed" | "refused" | "cancelled" | "expired";
            /** @description What people may quote. */
            shortReference: string;
            /** @description The person that it set. */
            person: null | string;
            /** @description What its flow says it is found by. */
            reference: null | string;
            screen: null | components["schemas"]["AwaitedScreen"];
            /** @description Why it failed. */
            errorCode: null | string;
            /**
             * Format: int64
             * @description How many of its steps failed, handled or not.
             */
            errorCount: number;
            /** @description In which ways, the latest last. */
            errors: components["schemas"]["RunFault"][];
            /**
             * Format: int64
             * @description How long it was worked on, in milliseconds; unknown for runs of releases before.
             */
            workedMs: null | number;
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last saved.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it expires or expired: then its state is removed.
             */
            expiresAt: string;
            /** @description Its steps. */
            trace: components["schemas"]["Step"][];
            /** @description Whether the steps have no values because this person sees those of runs that have ended. */
            valuesHidden: boolean;
            definition: null | components["schemas"]["JsonObject"];
        };
        /** @description What went wrong in a run. */
        RunError: {
            /** @description The stable code. */
            code: string;
            /** @description What the person may be told. */
            message: string;
        };
        /** @description An error of a run, and how often it came in the same way. */
        RunFault: {
            /** @description The stable code. */
            code: string;
            /** @description The activity that failed. */
            activity: string;
            /** @description Its connector. */
            connector: null | string;
            /**
             * @description What the flow made of it.
             * @enum {string}
             */
            handled: "automatic" | "custom" | "ignore" | "outcome" | "failed";
            /**
             * Format: int32
             * @description How often.
             */
            count: number;
        };
        /** @description A run that a text may mean. */
        RunMatch: {
            /**
             * @description What of it the text is.
             * @enum {string}
             */
            by: "number" | "id" | "reference" | "person";
            /** @description The run. */
            run: components["schemas"]["Run"];
        };
        /** @description What a text may mean. */
        RunMatches: {
            /** @description The runs. */
            matches: components["schemas"]["RunMatch"][];
        };
        /** @description How many runs began, and how many ended in which way. A run that ends later than it began counts at both times. */
        RunNumbers: {
            /**
             * Format: int64
             * @description Began.
             */
            started: number;
            /**
             * Format: int64
             * @description Reached an End.
             */
            completed: number;
            /**
             * Format: int64
             * @description Reached an End that refuses.
             */
            refused: number;
            /**
             * Format: int64
             * @description Failed.
             */
            failed: number;
            /**
             * Format: int64
             * @description Were ended by an operator.
             */
            cancelled: number;
            /**
             * Format: int64
             * @description Ended because nobody came back.
             */
            left: number;
        };
        /** @description What a flow is run with. */
        RunOptions: {
            /** @description The inputs, `client.*`. */
            input?: components["schemas"]["JsonObject"];
            /** @description The same, for programs that say so. */
            client?: components["schemas"]["JsonObject"];
        };
        /** @description Runs, the newest first. */
        RunPage: {
            /** @description The runs. */
            runs: components["schemas"]["Run"][];
            /** @description The `cursor` of the next page; null at the end. */
            next: null | string;
        };
        /** @description A flow to run. */
        RunRequestBody: {
            /** @description The flow. */
            flowId: string;
            /** @description What it is run with. */
            options?: components["schemas"]["RunOptions"];
        };
        /** @description What a flow gave. */
        RunResult: {
            /** @description The run. */
            executionId: string;
            /**
             * @description That it is complete.
             * @enum {string}
             */
            status: "completed";
            /** @description The End's outputs. */
            output?: components["schemas"]["JsonObject"];
        };
        /** @description A connector that was saved. */
        SavedConnector: {
            /**
             * Format: int64
             * @description Its revision from now on.
             */
            revision: number;
            /** @description The errors of flows that it broke. */
            warnings: components["schemas"]["Diagnostic"][];
        };
        /** @description A draft that was saved. */
        SavedDraft: {
            /**
             * Format: int64
             * @description Its revision from now on.
             */
            revision: number;
        };
        /** @description A screen of a flow. */
        ScreenNumbers: {
            /** @description The activity that shows it. */
            activity: string;
            /** @description Its title, templates and all. */
            title: string;
            /**
             * Format: int64
             * @description How often it was shown, once more after each error included.
             */
            shown: number;
            /**
             * Format: int64
             * @description How often it was submitted.
             */
            submitted: number;
            /**
             * Format: int64
             * @description How often the version before showed it; null where there is none, or it had no such screen.
             */
            shownBefore: null | number;
            /**
             * Format: int64
             * @description How often it was submitted then.
             */
            submittedBefore: null | number;
        };
        /** @description One of several things to choose. */
        ScreenOption: {
            /** @description What the form holds then. */
            value: string;
            /** @description What is shown. */
            text: string;
        };
        /** @description What stands in a screen. */
        ScreenState: {
            /** @description The inputs by name; what is secret is not in it. */
            form: components["schemas"]["JsonObject"];
            /** @description What is wrong; empty for nothing. */
            errorText: string;
        };
        /** @description Who is signed in to the console, and what a page needs to know. */
        Session: {
            user: null | components["schemas"]["SignedIn"];
            /** @description What goes out as `X-CSRF-Token` with everything that changes something; missing without a session. */
            csrfToken?: string;
            /** @description Whether there is nobody yet: the link that the server printed makes the first admin. */
            setupRequired: boolean;
            /** @description The project's id. */
            project: string;
            /** @description The server's version. */
            version: string;
        };
        /** @description A setting of an activity, connector or component: what a form field is made of. */
        Setting: {
            /** @description Its name in the file. */
            name: string;
            /**
             * @description What it holds.
             * @enum {string}
             */
            kind: "text" | "template" | "jsonTemplate" | "templateMap" | "json" | "integer" | "number" | "boolean" | "choice" | "secret" | "duration" | "url" | "object" | "jsonObject" | "list" | "map";
            /** @description What it is for. */
            description: string;
            /** @description Whether it has to be there. */
            required: boolean;
            /** @description What stands below it in a form, where that is not the description; empty for nothing. */
            hint?: string;
            /** @description What a form calls it, where that is not the name in words. */
            label?: string;
            /** @description The part of the form that it stands in. */
            section?: string;
            /**
             * @description Whether that part is closed at first.
             * @default false
             */
            folded?: boolean;
            /** @description When it is asked for. */
            when?: components["schemas"]["SettingCondition"];
            /** @description What a new one begins with. */
            initial?: components["schemas"]["JsonNode"];
            /** @description Which outcomes of the activity it makes. */
            outcomes?: components["schemas"]["SettingOutcomes"];
            /** @description The value that is dangerous. */
            warnsWhen?: components["schemas"]["JsonNode"];
            /** @description What the connector then does, where the label does not say it. */
            warning?: string;
            /**
             * @description Of a connector's setting: what it is to whoever knows no setting by name.
             * @enum {string}
             */
            role?: "address" | "authentication" | "headers" | "signature" | "messageSignature" | "staticAddresses" | "anyCertificate" | "redirects" | "clientCertificate" | "clientKey" | "clientKeyPassphrase" | "authorities" | "awsSignature";
            /** @description What it is when it is not there. */
            default?: components["schemas"]["JsonNode"];
            /** @description What a text is one of. */
            choices?: string[];
            /** @description Texts to offer where any may stand. */
            suggestions?: string[];
            /** @description What a choice is between: values that need not be texts, and what each promises. */
            options?: components["schemas"]["SettingOption"][];
            /**
             * Format: double
             * @description The least number.
             * @default 0
             */
            minimum?: number;
            /**
             * Format: double
             * @description The greatest number.
             * @default 0
             */
            maximum?: number;
            /** @description The number's unit. */
            unit?: string;
            /** @description What it is best edited with. */
            editor?: string;
            /**
             * @description Of a connector's setting: stored secrets stay when it changes.
             * @default false
             */
            secretsStay?: boolean;
            /**
             * @description Whether no form asks for it unless it is set.
             * @default false
             */
            rare?: boolean;
            /** @description What each item of a list is. */
            element?: components["schemas"]["Setting"];
            /** @description The name of the settings of an object, in `definitions`. */
            definition?: string;
            /** @description The setting as which alone an object may be written. */
            shorthand?: string;
            /** @description The setting beside it that, where it is true, makes a secret of its text. */
            secretWhen?: string;
        };
        /** @description A setting of a connector that differs. Secrets are `***`. */
        SettingChange: {
            /** @description Its name, by those of the configuration; of what stands beside that, its own. */
            setting: string;
            /** @description What it was; missing for nothing, and for what is long. */
            before?: components["schemas"]["JsonNode"];
            /** @description What it is; missing for nothing, and for what is long. */
            after?: components["schemas"]["JsonNode"];
        };
        /** @description When a setting is asked for: when another has one of these values. */
        SettingCondition: {
            /** @description The other. */
            setting: string;
            /** @description Its values. */
            is: string[];
            /**
             * @description Whether it is also asked for when it is there.
             * @default false
             */
            unlessGiven?: boolean;
            /**
             * @description Whether it has to be there then.
             * @default false
             */
            required?: boolean;
        };
        /** @description One value of a choice. */
        SettingOption: {
            /** @description The value. */
            value: components["schemas"]["JsonNode"];
            /** @description What it is called. */
            label: string;
            /** @description What it promises. */
            description: string;
        };
        /** @description Which outcomes of an activity a setting makes. */
        SettingOutcomes: {
            /**
             * @description What of it they are made of.
             * @enum {string}
             */
            from: "elements" | "screen" | "flow" | "given" | "instead" | "members";
            /** @description The member of each element that names its outcome, the outcome, or the value that puts others in place. */
            name?: string;
            /** @description The outcomes in place of the type's own, while the setting has that value. */
            instead?: string[];
            /** @description Where they tell answers apart by the result's member of that name: the error event of the rest. */
            event?: string;
            /** @description The setting that lists the answers that are no error. */
            except?: string;
        };
        /** @description Who is the first admin. */
        Setup: {
            /** @description The token of the link that the server printed. */
            token: string;
            /** @description The name to sign in with. */
            name: string;
            /** @description The password. */
            password: string;
        };
        /** @description A screen as it is shown. */
        ShownScreen: {
            /** @description Its id. */
            id: string;
            /** @description Its title. */
            title: string;
            /** @description What is on it, from top to bottom. */
            components: components["schemas"]["Component"][];
            /** @description What was entered, and what is wrong. */
            state: components["schemas"]["ScreenState"];
        };
        /** @description Who signs in. */
        SignIn: {
            /** @description The name; case does not count. */
            name: string;
            /** @description The password. */
            password: string;
        };
        /** @description A caller who is known. */
        SignedIn: {
            /** @description Their name, or `management key`. */
            name: string;
            /**
             * @description What they may do.
             * @enum {string}
             */
            role: "viewer" | "designer" | "admin";
        };
        /** @description What a run is started with. */
        StartOptions: {
            /** @description The inputs, `client.*`. */
            client?: components["schemas"]["JsonObject"];
            /** @description Not used; published clients send it. */
            redirectUrl?: string;
            /** @description The language of the screens. */
            locale?: string;
        };
        /** @description A run to start. */
        StartRequest: {
            /** @description The flow. */
            flowId: string;
            /** @description What it is started with. */
            options?: components["schemas"]["StartOptions"];
            /** @description A button or link of the start screen, which then counts as submitted with `input`. */
            interactionId?: string;
            /** @description The inputs of the start screen, by name. */
            input?: components["schemas"]["JsonObject"];
            /**
             * Format: int64
             * @description The version of the client's copy of the flow; a run takes the published one.
             */
            version?: null | number;
        };
        /** @description A step of a run: what one activity did. Per run and single-threaded. */
        Step: {
            /** @description The activity's id, qualified by the subflows it lies in. */
            activity: string;
            /** @description The activity's type. */
            type: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Format: double
             * @description How long it took, in milliseconds, to the microsecond.
             */
            durationMs: number;
            /** @description The outcome it took, or null when it suspended, failed the run or ended the flow. */
            outcome?: string;
            /** @description What the activity was given: the request, the query and parameters, the arguments. Missing when it takes nothing. */
            input?: components["schemas"]["JsonNode"];
            /** @description What it produced, or what a person submitted. Missing when it produces nothing. */
            output?: components["schemas"]["JsonNode"];
            /** @description What the person is told because of it, on the next screen or at the end; null for nothing. Never a secret in it. */
            message?: string;
            /** @description Whether it left a call to be delivered later, of which a step of its own tells once it is known. Default false. */
            queued?: boolean;
            /** @description Whether it is none of the run's own, but tells what became of a call that a step left behind. Default false. */
            delivery?: boolean;
            /**
             * Format: int32
             * @description How many names the run, a subflow or a screen was given that nobody declared, and did not take. Default 0.
             */
            dropped?: number;
            /**
             * Format: int32
             * @description The version of the flow that it entered; 0 (the default) for none, and for one that is not published.
             */
            entered?: number;
            /** @description What it wrote to the context, by path, such as `connectors.profile`, `form` or `user`. */
            writes?: string[];
            /**
             * @description What the values that it was given are made of. It is worked out where a trace is read, of the flow and of what the steps
             *                 wrote, and not kept with the step.
             */
            lineage?: components["schemas"]["StepLineage"][];
            /**
             * Format: date-time
             * @description When a person submitted what stands in its output; null where that was not apart from the step.
             */
            submittedAt?: null | string;
            /** @description The inputs of the run, with its first step; missing for none. */
            client?: components["schemas"]["JsonNode"];
            /** @description Warnings, such as a template's path without a value. */
            warnings?: components["schemas"]["StepWarning"][];
            /** @description The error it ended with, whatever its mode. */
            error?: components["schemas"]["FlowError"];
            /** @description The branches of a Parallel activity, the items of a ForEach. */
            children?: components["schemas"]["Step"][];
            /** @description Whether something was left out for lack of room when it was written. Default false. */
            truncated?: boolean;
        };
        /** @description Where a value that a step was given came from. Shared and immutable; never a value of the run. */
        StepLineage: {
            /**
             * @description The value, by its place among the activity's settings: `headers.x-user-tier`, `query.page`,
             *                 `body.user.id`, `parameters.@p0`, `claims.region`, `user.userId`, `arguments.tier`.
             */
            to: string;
            /** @description The paths that it was made of, each once. */
            from: components["schemas"]["StepSource"][];
            /**
             * @description The text that made it, as the flow has it: a template, the key of a rule, a script. Of a connector's file only what stands
             *                 in braces.
             */
            expression?: string;
            /** @description The connector whose file says so; null where the flow does. */
            connector?: string;
            /**
             * @description Where the value was put in the context, such as `claims.region`; null where all that the step was given may be in what
             *                 it wrote, as with a call or a script.
             */
            writes?: string;
        };
        /** @description A path that a value was made of. Shared and immutable. */
        StepSource: {
            /** @description The path. */
            path: string;
            /**
             * Format: int32
             * @description The step that wrote it last, counted from 1 in the trace; the step itself for what it made on its way, such as the
             *                 statements before. Null where no step did: an input of the run, what the run itself knows (`flow`, `device`), nothing.
             */
            step?: null | number;
            /** @description Which of that step's children it was, counted from 1, and which of that one's, and so on; empty for itself. */
            branch?: number[];
        };
        /** @description What is questionable about a step. Shared and immutable. */
        StepWarning: {
            /** @description The stable code. */
            code: string;
            /** @description What happened. */
            message: string;
        };
        /** @description What is stored. */
        StorageNumbers: {
            /**
             * Format: int64
             * @description How many bytes the database takes; null for not known yet.
             */
            bytes: null | number;
            /**
             * Format: int64
             * @description By how many it grew within a day.
             */
            grownDay: number;
            /**
             * Format: int64
             * @description By how many it grew within a week.
             */
            grownWeek: number;
            /**
             * Format: int64
             * @description How many durable calls wait to be delivered.
             */
            callsQueued: number;
            /**
             * Format: int64
             * @description How many were given up.
             */
            callsDead: number;
        };
        /** @description How long a person may wait from one screen to the next when nobody answers. */
        StretchWaitView: {
            /**
             * @description The activity that shows the screen, that of a subflow behind its Subflow; `start` for the start of the
             *         flow.
             */
            from: string;
            /** @description The activity of this flow that it begins at; null for the start of the flow. */
            activity: null | string;
            /**
             * Format: double
             * @description How long; null for without end: a loop without a screen asks somebody.
             */
            seconds: null | number;
            /** @description What is waited for, in order, at most 20. */
            parts: components["schemas"]["WaitPartView"][];
        };
        /** @description The runs of a time. */
        TimeNumbers: {
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
            /** @description Its runs. */
            runs: components["schemas"]["RunNumbers"];
        };
        /** @description Where a try is; nothing of it is stored. */
        TryAnswer: {
            /**
             * @description How it stands.
             * @enum {string}
             */
            status: "running" | "waiting" | "completed" | "failed" | "refused" | "cancelled";
            /** @description The activities that ran. */
            path: string[];
            /** @description The screen that it waits at. */
            screen?: components["schemas"]["ShownScreen"];
            /** @description What its End says. */
            message?: string;
            /** @description What went wrong. */
            error?: components["schemas"]["FlowError"];
            /** @description The End's outputs. */
            outputs?: components["schemas"]["JsonNode"];
            /** @description The custom claims. */
            claims?: components["schemas"]["JsonNode"];
            /** @description The person. */
            user?: components["schemas"]["JsonNode"];
            /** @description All that the run holds, redacted. */
            context: components["schemas"]["JsonObject"];
            /** @description Its steps. */
            trace: components["schemas"]["Step"][];
            /** @description What goes on with it, for an hour. */
            continue?: string;
        };
        /** @description What to try. */
        TryBody: {
            /** @description The flow file. */
            definition: components["schemas"]["JsonObject"];
            /** @description The inputs, `client.*`. */
            client?: components["schemas"]["JsonObject"];
            /** @description What people answer, screen by screen. */
            answers?: components["schemas"]["TryScreenAnswer"][];
            /** @description Scripted replies by activity id; without them connectors are called. */
            replies?: components["schemas"]["JsonObject"];
            /** @description The `continue` of the answer before, to go on with that try. */
            continue?: string;
        };
        /** @description What somebody answers to a screen. */
        TryScreenAnswer: {
            /** @description The button or link. */
            interaction: string;
            /** @description The screen's id, to be sure. */
            screen?: string;
            /** @description The inputs. */
            form?: components["schemas"]["JsonObject"];
        };
        /** @description A person who signed in. */
        User: {
            /** @description Their id. */
            userId: string;
            /** @description What they sign in with. */
            loginId?: string;
            /** @description Their e-mail address. */
            email?: string;
            /** @description Their name. */
            name?: string;
            /** @description What else the flow says of them. */
            customAttributes?: components["schemas"]["JsonObject"];
        };
        /** @description An activity that is waited for. */
        WaitPartView: {
            /** @description Its id, that of a subflow's behind the id of its Subflow. */
            activity: string;
            /**
             * Format: double
             * @description How long one try may take.
             */
            seconds: number;
            /**
             * Format: int32
             * @description How many tries there are.
             */
            times: number;
        };
        /** @description A place where runs wait. */
        WaitingPlace: {
            /** @description The flow. */
            flow: string;
            /**
             * @description The activity whose screen they wait for, qualified by the subflows it lies in; null for those that are being
             *         advanced.
             */
            activity: null | string;
            /** @description The screen's title, templates and all. */
            title: null | string;
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /**
             * Format: date-time
             * @description When the first of them began.
             */
            oldest: string;
        };
        /** @description Where runs wait. */
        WaitingRuns: {
            /** @description Each place, with most runs first, at most 50. */
            places: components["schemas"]["WaitingPlace"][];
            /** @description Whether there are more than the latest 2,000, which were looked at. */
            isSample: boolean;
        };
        /** @description A path that activities of a type write. */
        WrittenPath: {
            /** @description The path, with settings in braces. */
            path: string;
            /** @description What it holds. */
            description: string;
            /** @description The setting whose members are the path's members (`.*`), or whose elements are (`[]`). */
            membersOf?: string;
            /** @description The setting that, where it is given, has something else written in place of this. */
            unless?: string;
            /** @description The setting without which it is not written. */
            with?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
