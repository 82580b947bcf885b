# A Millrace server: an SQS endpoint on 9324, metrics and health on 9325. Build from the checkout's root:
#   docker build -t millrace .
# The server listens on every address of the container, for it has no other way out; publish its ports on
# 127.0.0.1 only (-p 127.0.0.1:9324:9324), since there is no authentication yet.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -q -pl engine -am package -Dmaven.test.skip=true \
    && mkdir -p /out/lib \
    && cp engine/target/engine-*.jar /out/engine.jar \
    && cp engine/target/lib/*.jar /out/lib/ \
    && cp engine/src/main/resources/io/millrace/engine/*.flags /out/

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin millrace \
    && mkdir -p /data && chown millrace /data
COPY --from=build /out/ /opt/millrace/
USER millrace
VOLUME /data
EXPOSE 9324 9325
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9325 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
ENTRYPOINT ["java", "@/opt/millrace/jvm.flags", "@/opt/millrace/jvm-24.flags", "-cp", "/opt/millrace/engine.jar", "io.millrace.engine.ServerMain"]
CMD ["--bind", "0.0.0.0", "--insecure", "--data", "/data"]
