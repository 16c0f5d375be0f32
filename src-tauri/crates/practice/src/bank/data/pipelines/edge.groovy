// Plantilla de despliegue: reglas del borde. Primero en modo de conteo, después en firme.
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
        stage('Replay traffic') {
            steps { sh './bin/replay-traffic --sample 10000' }
        }
        stage('Deploy infrastructure') {
            steps { sh './bin/deploy-stacks "$SERVICE" "variables/$ENVIRONMENT" --all-regions' }
        }
    }
}
