# flowengine: the console is built with Node, the server with the .NET SDK; what runs is the ASP.NET runtime and the program, as a user without rights.
#   docker build -t flowengine .

FROM node:22-alpine AS console
WORKDIR /src/src/console
COPY src/console/package.json src/console/package-lock.json ./
COPY src/console/generator/package.json generator/
RUN npm ci --no-audit --no-fund
COPY src/console/ ./
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS server
WORKDIR /src
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/FlowEngine/ src/FlowEngine/
COPY src/FlowEngine.ElsaFormat/ src/FlowEngine.ElsaFormat/
COPY src/Activities.HttpConnector/ src/Activities.HttpConnector/
COPY src/Activities.Database/ src/Activities.Database/
COPY src/FlowEngine.Storage/ src/FlowEngine.Storage/
COPY src/FlowEngine.AspNetCore/ src/FlowEngine.AspNetCore/
COPY src/FlowEngine.Server/ src/FlowEngine.Server/
COPY src/README.md src/README.md
COPY flows/ flows/
# There is no npm here: what it built is put into the program as it is.
COPY --from=console /src/src/console/dist/ src/console/dist/
RUN dotnet publish src/FlowEngine.Server -c Release -o /app \
 && cp /app/FlowEngine.Server /app/flowengine \
 && mkdir /data

# The runtime's image has ICU (libicu), which the driver of SQL Server needs. On an image without it (alpine,
# chiseled) add icu-libs or take one ending in -extra.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS final
WORKDIR /app
COPY --from=server /app/ ./
# /data holds the embedded database and keys where no --database is given. The user of the image, not root, owns it.
COPY --from=server --chown=$APP_UID:$APP_UID /data /data
ENV PATH="/app:$PATH" DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
EXPOSE 5080
# 30 s: what the server takes at most to finish what it has begun after SIGTERM.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["flowengine", "health", "--url", "http://127.0.0.1:5080/healthz"]
ENTRYPOINT ["flowengine"]
CMD ["serve", "--flows", "/flows", "--data", "/data", "--urls", "http://0.0.0.0:5080"]
