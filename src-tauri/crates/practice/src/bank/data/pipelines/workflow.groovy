// Plantilla de despliegue: flujos y tareas programadas. No se despliega durante una ejecución.
pipeline {
    agent { label 'aws' }
    parameters {
        choice(name: 'ENVIRONMENT', choices: ['dev', 'qa', 'prod'], description: 'Ambiente')
        string(name: 'VERSION', description: 'Versión')
        string(name: 'PROMOTION_ID', defaultValue: '', description: 'Promoción de Interlock')
        string(name: 'MANIFEST_SHA256', defaultValue: '', description: 'Contenido aprobado')
        string(name: 'ATTEMPT', defaultValue: '1', description: 'Intento de la promoción')
    }
    environment { SERVICE = "${env.JOB_BASE_NAME.replaceFirst('deploy-', '')}" }
    stages {
        stage('Checkout') {
            steps { checkout scmGit(branches: [[name: "refs/tags/${SERVICE}/v${params.VERSION}"]]) }
        }
        stage('Wait for running jobs') {
            steps { sh './bin/wait-idle "$SERVICE" "$ENVIRONMENT"' }
        }
        stage('Deploy infrastructure') {
            steps { sh './bin/deploy-stacks "$SERVICE" "variables/$ENVIRONMENT"' }
        }
        stage('Dry run') {
            steps { sh './bin/dry-run "$SERVICE" "$ENVIRONMENT"' }
        }
    }
}
